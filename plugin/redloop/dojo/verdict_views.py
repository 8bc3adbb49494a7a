"""A verdict and its explanation, as lines. Pure."""

from __future__ import annotations

import ast
import re
from operator import attrgetter
from typing import TYPE_CHECKING

from redloop.dojo.lines import BLANK, Canvas, Line
from redloop.dojo.verdict import NO_REPORT, PYTEST_REFUSED
from redloop.report.drawing import MOST_ROWS, drawing, facts, number
from redloop.report.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from redloop.dojo.explanation import Explanation
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Position, Problem, Result, Verdict
    from redloop.record import Run

MOST_PRINTED = 8  # lines of the learner's own output
LONGEST = 200  # characters of a line of theirs


def verdict_lines(exercise: Exercise, verdict: Verdict, path: str) -> Iterator[Line]:
    """The verdict on the answer in the file `path`."""
    name = exercise.title
    if verdict.retried:
        yield Line(f"Note: {verdict.retried} The answer was judged anew.", "quiet")
    count = len(verdict.results)
    if verdict.ending == "passed":
        skipped = [result for result in verdict.results if result.outcome == "skipped"]
        yield Line(f"✓ {name} is green: {_tests(count - len(skipped))} passed", "green")
        for result in skipped:
            yield Line(f"{result.name} was skipped: {result.summary}".removesuffix(": "), indent=2)
        return
    if verdict.ending == "failed":
        yield Line(f"✗ {name} is red: {len(verdict.failed)} of {_tests(count)} failed", "red")
        for result in verdict.failed:
            yield BLANK
            yield from _failure(result, path)
        return
    yield from {"error": _error, "hung": _hung, "crashed": _crashed, "no report": _no_report}[verdict.ending](
        name, verdict, path
    )


def explanation_lines(explanation: Explanation, canvas: Canvas) -> Iterator[Line]:
    """The timeline, and what a known wrong answer did, which this one seems to do as well."""
    if explanation.run is not None and canvas.in_words:
        yield BLANK
        yield from _timeline_in_words(explanation.run, explanation.test)
    elif explanation.run is not None:
        picture = drawing(
            explanation.run,
            title=explanation.test,
            width=canvas.width,
            colour=canvas.colour,
            ascii_only=canvas.ascii_only,
        )
        if picture:
            yield BLANK
            yield from (Line(line, "drawing") for line in picture.splitlines())
    if explanation.looks_like:
        yield BLANK
        yield Line(f"It looks like this: {explanation.looks_like.rstrip('.')}.")


def _timeline_in_words(run: Run, test: str) -> Iterator[Line]:
    """A timeline to be read aloud."""
    yield Line(f"{', '.join(facts(run, test))}.")
    rows, hidden = rows_of(run, MOST_ROWS)
    for row in rows:
        did = [(start, end, "waited") for start, end in row.waits]
        did += [(start, end, "queued") for start, end in row.queues]
        did += [(start, end, "blocked the loop") for start, end in row.blocked]
        told = [f"{what} from {number(start)} to {number(end)} s" for start, end, what in sorted(did)]
        told += [row.outcome] if row.outcome != "ok" else []
        yield Line(f"{row.name}: {', '.join(told) or 'ran'}.", indent=2)
    if hidden:
        yield Line(f"And {hidden} more.", indent=2)


def _failure(result: Result, path: str) -> Iterator[Line]:
    yield Line(result.name, "title", 2)
    for line in explain(result.problem) if result.problem else result.text.strip().splitlines():
        yield Line(line, indent=4)
    if result.problem:
        for position in (result.problem.in_test, result.problem.in_answer):
            yield from _at(position, path, 4)
        yield from _blocked_as_well(result)
    if (
        printed := re.split(r"^\++ Timeout \++$", result.printed, maxsplit=1, flags=re.MULTILINE)[0]
        .strip()
        .splitlines()
    ):
        yield Line("It printed:", indent=4)
        yield from (Line(_cut(line), "code", 6) for line in printed[-MOST_PRINTED:])


def _blocked_as_well(result: Result) -> Iterator[Line]:
    """What blocked the loop in a test that raised something: the worst at each line, no more said than that."""
    worst = {(each.filename, each.lineno): each for each in sorted(result.blocking_calls, key=attrgetter("severity"))}
    for each in worst.values():
        place = f"{each.filename.rpartition('/')[2]}:{each.lineno}"
        what = f"{each.call or 'a step'} blocked the event loop for {each.seconds:.2f} s at {place}"
        yield Line(f"As well, {what}", indent=4)


def _error(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    problem = verdict.problem
    assert problem is not None  # noqa: S101 - what the ending means
    yield Line(f"✗ {name} is red: the file could not be imported, so no test ran", "red")
    yield BLANK
    for line in explain(problem):
        yield Line(line, indent=2)
    yield from _at(problem.in_answer or problem.in_test, path, 2)


def _hung(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    what = _stage(verdict)
    yield Line(f"✗ {name} is red: {what} did not end and was stopped after {verdict.seconds:.0f} s", "red")
    if verdict.position:
        yield BLANK
        yield Line("It stood at", indent=2)
        yield from _at(verdict.position, path, 2)


def _crashed(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    what = _stage(verdict)
    yield Line(f"✗ {name} is red: {what} ended the whole process ({verdict.message})", "red")
    yield BLANK
    suspects = SUSPECTS.get(verdict.message, "os._exit, os.kill or os.abort")
    if verdict.problem:  # raised, and caught by nobody
        yield from _at(verdict.problem.in_answer, path, 2)
        suspects = "what raises it"
    yield Line(f"Nothing in an exercise should do that. Look for {suspects} in {path}.", indent=2)


def _stage(verdict: Verdict) -> str:
    """How far the run of the tests had come at its end."""
    after = f"what came after {verdict.results[-1].name}" if verdict.results else "importing the file"
    return verdict.during or after


SUSPECTS = {
    "SIGKILL": "os.kill, or for what needs more memory than there is,",
    "SIGSEGV": "ctypes, or for a call of itself that does not end,",
}


def _no_report(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    yield Line(f"✗ {name} could not be judged: {verdict.message}", "red")
    said = [line for line in verdict.output.strip().splitlines() if line.strip("= \t") and not line.startswith("==")]
    for line in said[-3:]:
        yield Line(_cut(line), "code", 2)
    yield BLANK
    if verdict.message == NO_REPORT[PYTEST_REFUSED]:
        yield Line("That is not your answer's fault: redloop doctor looks for what it is.", indent=2)
        return
    yield Line(f"Look in {path} for what skips tests, closes files that it did not open, or changes Python.", indent=2)
    yield Line("If there is nothing of that kind, it is not your answer's fault: redloop doctor", indent=2)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} … ({len(line) - LONGEST:,} characters more)"


def explain(problem: Problem) -> Iterator[str]:
    """The exception's text as short as it can be: no addresses, no advice about pytest's options."""
    lines = [line.rstrip() for line in problem.message.splitlines() if line.strip() and not _is_machinery(line)]
    if problem.reason != "assertion":
        lines[:1] = [f"{', '.join(dict.fromkeys(problem.types))}: {''.join(lines[:1])}".rstrip(": ")]
    elif len(lines) > 1 and _says_nothing_new(lines[-1], " ".join(lines[:-1]), problem.in_test):
        del lines[-1]
    yield from lines
    for note in problem.notes:
        if example := _example(note):
            yield f"for example with {example}"


def _says_nothing_new(line: str, message: str, source: Position | None) -> bool:
    """Whether all values of `assert 6.0 == 3.0` stand in the message, or in the test's line, which is shown below."""
    shown = _compared(line)
    written = _compared(source.text) if source else []
    if len(written) != len(shown):
        written = [""] * len(shown)
    return line == "assert False" or (
        bool(shown)
        and all(
            value == code or re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\w)", message)
            for value, code in zip(shown, written, strict=True)
        )
    )


def _compared(line: str) -> list[str]:
    """The operands of an `assert a == b`, as they are written; none of another line."""
    try:
        statement = ast.parse(line).body[0]
    except (SyntaxError, IndexError):
        return []
    if not isinstance(statement, ast.Assert) or not isinstance(statement.test, ast.Compare):
        return []
    operands = (statement.test.left, *statement.test.comparators)
    return [ast.get_source_segment(line, operand) or "" for operand in operands]


def _is_machinery(line: str) -> bool:
    return " object at 0x" in line or "Run(" in line or line.strip().startswith(("Use -v", "...Full", "Full diff:"))


def _example(note: str) -> str:
    """The arguments in hypothesis's `Falsifying example: test_name(…)`, fixtures and comments left out."""
    first, *lines = note.splitlines() or [""]
    if not first.startswith(("Falsifying example", "Failing test case")):
        return ""
    lines = [line.partition("  # ")[0].strip() for line in lines]
    given = [line for line in lines if not re.fullmatch(r"#.*|\)|(\w+)=\1,", line)]
    return " ".join(given).rstrip(",")


def _at(position: Position | None, path: str, indent: int) -> Iterator[Line]:
    """The line of code: of the learner's file by the path that they know, of the test by its name."""
    if position is None:
        return
    filename = position.filename.rpartition("/")[2]
    shown = path if path.endswith(f"/{filename}") or path == filename else filename
    yield Line(f"{shown}:{position.lineno}  {_cut(_condition(position.text))}".rstrip(), "code", indent)


def _condition(source: str) -> str:
    """An assert statement without its message, which stands above it already; any other line as it is."""
    try:
        statement = ast.parse(source).body[0]
    except (SyntaxError, IndexError):
        return source
    if isinstance(statement, ast.Assert) and statement.msg is not None:
        return f"assert {ast.get_source_segment(source, statement.test)}"
    return source


def differing_lines(names: Sequence[str]) -> Iterator[Line]:
    """What a workspace's changed tests get said."""
    if names:
        yield BLANK
        them = "it" if len(names) == 1 else "them"
        yield Line(f"Note: {' and '.join(names)} is not as the set has {them}. The set's own decided.", "quiet")


def _tests(count: int) -> str:
    return "1 test" if count == 1 else f"{count} tests"
