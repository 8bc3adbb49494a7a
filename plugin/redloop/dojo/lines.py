"""Text with a role, line by line: what views are made of, and all that a screen needs to know of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Role = Literal["", "green", "red", "title", "prose", "code", "quiet", "drawing"]


@dataclass(frozen=True)
class Line:
    """A line of text, `indent` columns from the left; its role decides the colour, never the meaning.

    `link` is a URL that a terminal may open.
    """

    text: str = ""
    role: Role = ""
    indent: int = 0
    link: str = ""


BLANK = Line()

# What an answer prints, or what a folder is called, does not steer the terminal.
CONTROLS = {code: ascii(chr(code))[1:-1] for code in (*range(32), *range(127, 160)) if chr(code) != "\t"}


@dataclass(frozen=True)
class Canvas:
    """What a drawing may use: columns, colours, and more characters than ASCII has; or words alone."""

    width: int = 80
    colour: bool = False
    ascii_only: bool = False
    in_words: bool = False


def page(text: str) -> Iterator[Line]:
    """A text in Markdown for a terminal: paragraphs become one line each, pictures and code stay as they are."""
    paragraph: list[str] = []
    fenced = False
    for line in text.strip().splitlines():
        fence = line.lstrip().startswith("```")
        picture = fenced or (line.startswith("    ") and not paragraph)
        heading = None if picture else re.fullmatch(r"#+ +(.+?)|\*\*([^*]+?)\*\*", line.strip())
        if paragraph and (heading or picture or fence or not line.strip() or line.lstrip().startswith("- ")):
            yield Line(" ".join(paragraph), "prose")
            paragraph = []
        if fence:
            fenced = not fenced
        elif picture:
            yield Line(line)
        elif heading:
            yield Line(heading[1] or heading[2], "title")
        elif line.strip():
            paragraph.append(re.sub(r"\*\*([^*]+?)\*\*", r"\1", line.strip()))
        else:
            yield BLANK
    if paragraph:
        yield Line(" ".join(paragraph), "prose")
