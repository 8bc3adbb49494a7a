"""Prints lines: wrapped and coloured on a terminal, plain off it, in characters that the encoding has."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, TextIO

from rich.console import Console, ConsoleDimensions
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from redloop.dojo.lines import CONTROLS, Canvas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redloop.dojo.lines import Line

STYLES = {
    "": "",
    "green": "bold green",
    "red": "bold red",
    "title": "bold",
    "prose": "",
    "code": "cyan",
    "quiet": "dim",
    "drawing": "",
}
PLAIN_WIDTH = 80
WIDEST = 120  # columns of a drawing: more make no difference, and long ways for the eyes
BLOCKS = "▕█▒░▓✗↯▏"  # what a drawing is made of
ASCII = str.maketrans({"✓": "+", "✗": "x", "·": "-", "→": ">", "…": ".", "▒": "#", "░": ".", "█": "=", "▓": "@"})


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """`redloop list | head`: nobody reads the rest, which is no failure (rich and click would exit with 1)."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())
        raise SystemExit(0)


class Screen:
    """Where a person, or a pipe, reads us."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout
        self._is_plain = False
        width = None if self._file.isatty() else PLAIN_WIDTH  # rich takes COLUMNS=0 by its word, and prints nothing
        self._console = _Console(file=self._file, width=width, highlight=False, markup=False, emoji=False)
        self._fit()

    @property
    def is_terminal(self) -> bool:
        """Whether a person may be asked."""
        return self._file.isatty()

    @property
    def redraws(self) -> bool:
        """Whether what stood on the screen may be replaced."""
        return self._console.is_terminal and not self._console.is_dumb_terminal

    def be_plain(self) -> None:
        """For screen readers and those who like it: no colour, no link, nothing that moves or disappears."""
        self._console = _Console(file=self._file, force_terminal=False, highlight=False, markup=False, emoji=False)
        self._is_plain = True
        self._fit()

    @property
    def canvas(self) -> Canvas:
        """What a drawing may use here."""
        self._fit()
        coloured = self._console.is_terminal and not self._console.is_dumb_terminal and not self._console.no_color
        return Canvas(
            self._width,
            coloured,
            self._console.is_dumb_terminal or self._writable(BLOCKS) != BLOCKS,
            self._is_plain,
        )

    @property
    def _width(self) -> int:
        return (
            min(self._console.width, PLAIN_WIDTH if self._is_plain else WIDEST) if self._file.isatty() else PLAIN_WIDTH
        )

    def show(self, lines: Iterable[Line]) -> None:
        """Print the lines, each as it comes."""
        for line in lines:
            link = Style(link=line.link if self._console.is_terminal else None)
            if line.role == "drawing":  # fits, and has its colours
                self._console.print(Text.from_ansi(line.text), soft_wrap=True)
                continue
            text = Text(self._writable(line.text), style=Style.parse(STYLES[line.role]) + link)
            if not text:
                self._console.print()  # a padding round nothing is nothing, not an empty line
            elif self._console.is_terminal:
                self._console.print(Padding(text, (0, 0, 0, min(line.indent, self._console.width // 4)), expand=False))
            elif line.role == "prose" or (self._file.isatty() and line.role != "code"):
                margin = " " * min(line.indent, self._width // 4)
                wrapped = textwrap.wrap(text.plain, self._width, initial_indent=margin, subsequent_indent=margin)
                self._console.print("\n".join(wrapped), soft_wrap=True)
            else:  # whoever reads a pipe does not want our line breaks, and whoever copies code neither
                self._console.print(Text(" " * line.indent) + text, soft_wrap=True)

    def clear(self) -> None:
        """Begin at the top of an empty screen, of the size that it has by now; else after an empty line."""
        self._fit()
        if self.redraws:
            self._file.write("\x1b[2J\x1b[H")
        else:
            self._file.write("\n")

    def dump(self, data: object) -> None:
        """Print `data` as JSON, for programs."""
        self._file.write(json.dumps(data, indent=1) + "\n")

    def write(self, text: str) -> None:
        """Print a text as it is, bytes that are no UTF-8 included: somebody may write it back to a file."""
        self._file.flush()
        if (buffer := getattr(self._file, "buffer", None)) is not None:
            buffer.write(text.encode("utf-8", "surrogateescape"))
        else:
            self._file.write(text)

    def prompt(self, text: str) -> None:
        """Print what somebody types after."""
        self._file.write(self._writable(text))
        self._file.flush()

    def _fit(self) -> None:
        if self._file.isatty():
            self._console.size = ConsoleDimensions(*shutil.get_terminal_size())  # rich says 80 for TERM=dumb

    def _writable(self, text: str) -> str:
        text = text.translate(CONTROLS)
        encoding = getattr(self._file, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return text.translate(ASCII).encode(encoding, "replace").decode(encoding)
        return text
