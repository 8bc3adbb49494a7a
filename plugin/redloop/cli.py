"""The command `redloop`: arguments in, calls out.

click and rich come with the extra `redloop[kata]`, so nothing is imported from them before `main` has looked.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import click

    from redloop.dojo.workspace import Workspace

NEEDED = ("click", "rich", "pytest_asyncio", "pytest_timeout", "hypothesis", "watchfiles")
FINE, REFUSED, USAGE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def main() -> NoReturn:
    """Run the command and exit: 0 fine, 1 red or refused, 2 wrong usage, 3 our own fault, 130 interrupted."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        _say(f'The kata needs {", ".join(missing)}. Type: pip install "redloop[kata]"')
        sys.exit(USAGE)
    sys.exit(run())


def run() -> int:
    """Run the command that the arguments name; its exit code, errors being told."""
    import click

    from redloop.dojo.aids import TooEarlyError
    from redloop.dojo.processes import JudgeError
    from redloop.dojo.sets import SetError, UnknownExerciseError
    from redloop.dojo.workspace import WorkspaceError

    codes: dict[type[Exception], int] = {
        UnknownExerciseError: USAGE,
        SetError: REFUSED,
        WorkspaceError: REFUSED,
        TooEarlyError: REFUSED,
        JudgeError: OUR_FAULT,
    }
    status: int = FINE
    try:
        status = _commands().main(prog_name="redloop", standalone_mode=False) or FINE
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        status = INTERRUPTED
    except BrokenPipeError:  # `redloop list | head`: nobody reads the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except tuple(codes) as error:
        _say(str(error))
        status = next(code for kind, code in codes.items() if isinstance(error, kind))
    except OSError as error:
        if "REDLOOP_DEBUG" in os.environ:
            raise
        where = f" ({error.filename})" if isinstance(error.filename, str) else ""
        _say(f"{error.strerror or error}{where}. Is the disk full, or something read-only? Type: redloop doctor")
        status = REFUSED
    except Exception as error:
        if "REDLOOP_DEBUG" in os.environ:
            raise
        _say(
            f"That is our fault: {type(error).__name__}: {error}. REDLOOP_DEBUG=1 redloop … shows where, for a report."
        )
        status = OUR_FAULT
    return status


def _say(line: str) -> None:
    from redloop.dojo.lines import CONTROLS

    sys.stderr.write(f"redloop: {line.translate(CONTROLS)}\n")


def _commands() -> click.Group:  # noqa: C901 - a list of commands, one below the other
    import click

    from redloop.dojo import aid_commands, commands
    from redloop.dojo.screen import Screen

    screen = Screen()
    names = {"help_option_names": ["-h", "--help"]}
    folder = click.Path(file_okay=False, path_type=Path)

    def workspace() -> Workspace:
        if (found := commands.here(_say)) is None:
            raise click.UsageError(f"There is no workspace here. Make one: redloop start {commands.DEFAULT}")
        return found

    def complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        return commands.names(incomplete)

    @click.group(invoke_without_command=True, context_settings=names)
    @click.version_option(package_name="redloop")
    @click.option("--plain", is_flag=True, envvar="REDLOOP_PLAIN", help="No colour, no links, nothing redrawn.")
    @click.pass_context
    def redloop(context: click.Context, *, plain: bool) -> int:
        """Practise asyncio: exercises that are red until you make them green.

        Without a command, redloop goes on where you are: it explains the next red exercise and, on a terminal, judges
        your answer whenever you save it.
        """
        if plain:
            screen.be_plain()
        if context.invoked_subcommand is not None:
            return FINE
        interactive = screen.is_terminal and sys.stdin.isatty()
        if (found := commands.here(_say)) is not None:
            return commands.watch(screen, found) if interactive else commands.go_on(screen, found)
        known = Path(commands.DEFAULT).exists()
        if known or not interactive:
            return commands.outside(screen)
        if click.confirm(f"There is no workspace here. Make one in ./{commands.DEFAULT}?", default=True):
            return commands.start(screen, Path(commands.DEFAULT), None)
        click.echo("Nothing was made. `redloop start DIR` makes one elsewhere, and `redloop list` shows the exercises.")
        return FINE

    @redloop.command()
    @click.argument("directory", metavar="[DIR]", type=folder, default=commands.DEFAULT)
    @click.option("--set", "source", metavar="SET", help="Folder of a set, or package. Default: the one of redloop.")
    def start(directory: Path, source: str | None) -> int:
        """Make a folder to work in, and explain the first exercise."""
        return commands.start(screen, directory, source)

    @redloop.command(name="list")
    @click.argument("words", metavar="[WORD]...", nargs=-1)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def list_(words: tuple[str, ...], *, as_json: bool) -> int:
        """List the exercises, which are green, and the time that you spent (breaks over 10 minutes do not count).

        Each WORD leaves those that it fits: green, red or new, a part of a name or topic, or a word of the text.
        """
        return aid_commands.show_list(screen, commands.here(_say), words, as_json=as_json)

    @redloop.command()
    @click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def check(names: tuple[str, ...], *, as_json: bool) -> int:
        """Judge your answers: those named (04, sequential_await), or all.

        The set's own tests decide, whatever became of your copy.
        """
        return commands.check(screen, workspace(), names, as_json=as_json)

    @redloop.command()
    @click.argument("name", metavar="[NAME]", required=False, shell_complete=complete)
    def hint(name: str | None) -> int:
        """Show the next of three hints, for the named exercise or the current one."""
        return aid_commands.hint(screen, workspace(), name)

    @redloop.command()
    @click.argument("name", shell_complete=complete)
    def solution(name: str) -> int:
        """Show the solution and other right answers, once yours was green."""
        return aid_commands.solution(screen, workspace(), name)

    @redloop.command()
    @click.argument("name", shell_complete=complete)
    def reset(name: str) -> int:
        """Get the shipped files of an exercise back. Yours are kept beside them."""
        return aid_commands.reset(screen, workspace(), name)

    @redloop.command()
    @click.argument("name", shell_complete=complete)
    @click.argument("number", type=int, required=False)
    def history(name: str, number: int | None) -> int:
        """List your attempts at an exercise, or print the text of attempt NUMBER."""
        return aid_commands.show_history(screen, workspace(), name, number)

    @redloop.command()
    def update() -> int:
        """Add what is new in the set. Files that you changed are never touched."""
        return aid_commands.update_workspace(screen, workspace())

    @redloop.command()
    def doctor() -> int:
        """Look at everything that redloop needs, and say how to mend what is wrong."""
        return aid_commands.doctor(screen, commands.here(_say))

    @redloop.group()
    def author() -> None:
        """Commands for people who write exercises."""

    @author.command(name="new")
    @click.argument("name")
    @click.option(
        "--set", "source", metavar="SET", type=folder, default="kata", help="Folder of a set. Default: ./kata"
    )
    def author_new(name: str, source: Path) -> int:
        """Make a new exercise, to be filled in: NAME is slow_start, or 05_slow_start.

        Where there is no set yet, one is made. Nothing is overwritten.
        """
        from redloop.dojo import author_commands

        return author_commands.new(screen, name, source)

    @author.command(name="guide")
    def author_guide() -> int:
        """Print how a set is written, proved and handed out."""
        from redloop.dojo import author_commands

        return author_commands.guide(screen)

    @author.command(name="check")
    @click.argument("source", metavar="[SET]", type=folder, required=False)
    @click.option("--only", metavar="NAME", multiple=True, help="Prove this exercise; may be given more than once.")
    def author_check(source: Path | None, only: tuple[str, ...]) -> int:
        """Prove a set: shipped red, solutions green, wrong answers red where they say.

        SET is a folder with a kata.toml; solutions are in `solutions` beside or inside it. Default: ./kata where that
        is a set, else the one that came with redloop.
        """
        from redloop.dojo import author_commands

        return author_commands.check(screen, source, only)

    return redloop


if __name__ == "__main__":
    main()
