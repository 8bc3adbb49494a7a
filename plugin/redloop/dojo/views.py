"""What a learner reads, as lines with a role: from verdicts and exercises to text. Pure; `screen` prints it."""

from __future__ import annotations

import ast
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from redloop.dojo.verdict import NO_REPORT, PYTEST_REFUSED
from redloop.report.drawing import MOST_ROWS, drawing, facts, number, wrapped
from redloop.report.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from redloop.dojo.author import Checked
    from redloop.dojo.doctor import Finding
    from redloop.dojo.explanation import Explanation
    from redloop.dojo.history import Attempt
    from redloop.dojo.sets import Exercise
    from redloop.dojo.verdict import Position, Problem, Result, Verdict
    from redloop.record import Run

Role = Literal["", "green", "red", "title", "prose", "code", "quiet", "drawing"]
HALF_A_MINUTE = 30  # seconds
WIDE_ENOUGH = 60  # columns that a table needs
MOST_PRINTED = 8  # lines of the learner's own output
LONGEST = 200  # characters of a line of theirs


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
MORE_KEYS = ("p previous", "l list", "r reset", "e edit", "Enter run again", "q quit")
RED_KEYS = ("h hint", "n next", *MORE_KEYS)
PASSED_KEYS = ("n next", "s solution", *MORE_KEYS)


def title(exercise: Exercise) -> str:
    """`04 sequential_await`."""
    return f"{exercise.number} {exercise.key}"


def keys(green: str, *, passed: bool, width: int) -> Iterator[Line]:
    """What to press; no key is torn from its word."""
    for line in wrapped([green, *(PASSED_KEYS if passed else RED_KEYS)], " · ", width):
        yield Line(line, "quiet")


def brief(exercise: Exercise) -> Iterator[Line]:
    """The README as far as THINK ABOUT: the story, what is wrong, the job. A topic's introduction stands above it."""
    if exercise.introduction:
        yield Line(exercise.topic.capitalize(), "title")
        yield from page(exercise.introduction)
        yield BLANK
    for line in page(exercise.text("README.md")):
        if line.role == "title" and line.text.upper() == "THINK ABOUT":
            return
        yield line


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


def verdict_lines(exercise: Exercise, verdict: Verdict, path: str) -> Iterator[Line]:
    """The verdict on the answer in the file `path`."""
    name = title(exercise)
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


@dataclass(frozen=True)
class Canvas:
    """What a drawing may use: columns, colours, and more characters than ASCII has; or words alone."""

    width: int = 80
    colour: bool = False
    ascii_only: bool = False
    in_words: bool = False


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
    if (
        printed := re.split(r"^\++ Timeout \++$", result.printed, maxsplit=1, flags=re.MULTILINE)[0]
        .strip()
        .splitlines()
    ):
        yield Line("It printed:", indent=4)
        yield from (Line(_cut(line), "code", 6) for line in printed[-MOST_PRINTED:])


def _error(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    problem = verdict.problem
    assert problem is not None  # noqa: S101 - what the ending means
    yield Line(f"✗ {name} is red: the file could not be imported, so no test ran", "red")
    yield BLANK
    for line in explain(problem):
        yield Line(line, indent=2)
    yield from _at(problem.in_answer or problem.in_test, path, 2)


def _hung(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    what = verdict.during or "importing the file"
    yield Line(f"✗ {name} is red: {what} did not end and was stopped after {verdict.seconds:.0f} s", "red")
    if verdict.position:
        yield BLANK
        yield Line("It stood at", indent=2)
        yield from _at(verdict.position, path, 2)


def _crashed(name: str, verdict: Verdict, path: str) -> Iterator[Line]:
    what = verdict.during or "importing the file"
    yield Line(f"✗ {name} is red: {what} ended the whole process ({verdict.message})", "red")
    yield BLANK
    suspects = SUSPECTS.get(verdict.message, "os._exit, os.kill or os.abort")
    if verdict.problem:  # raised, and caught by nobody
        yield from _at(verdict.problem.in_answer, path, 2)
        suspects = "what raises it"
    yield Line(f"Nothing in an exercise should do that. Look for {suspects} in {path}.", indent=2)


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
    elif len(lines) > 1 and lines[-1] == "assert False":  # the message said it better
        del lines[-1]
    yield from lines
    for note in problem.notes:
        if example := _example(note):
            yield f"for example with {example}"


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


def summary(judged: Sequence[tuple[Exercise, Verdict]]) -> Iterator[Line]:
    """One line for each of several exercises."""
    for exercise, verdict in judged:
        mark, role = MARKS["green" if verdict.passed else "red"]
        ending = {"passed": "green", "failed": "red", "error": "red: an error in the file"}
        told = ending.get(verdict.ending, f"red: {verdict.ending}")
        yield Line(f"{mark} {exercise.number:<3} {exercise.key:<24} {told}", role)
    green = sum(verdict.passed for _, verdict in judged)
    yield Line(f"{green} of {len(judged)} green")


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


def checked_lines(checked: Checked) -> Iterator[Line]:
    """One line for an exercise that was proved; what is wrong with it below."""
    counts = checked.answers
    told = [f"{counts['right']} right", f"{counts['wrong']} wrong"] if counts else []
    if not checked.complaints:
        parts = ["shipped red", "solution green", *told, f"{checked.seconds:.1f} s"] if counts else ["as a whole"]
        yield Line(f"✓ {checked.name:<26} {' · '.join(parts)}", "green")
        return
    problems = "1 problem" if len(checked.complaints) == 1 else f"{len(checked.complaints)} problems"
    yield Line(f"✗ {checked.name:<26} {' · '.join([problems, *told])}", "red")
    for complaint in checked.complaints:
        yield Line(complaint.where, "title", 4)
        yield Line(complaint.text, indent=6)


def listing(
    exercises: Sequence[Exercise], status: Mapping[str, str], spent: Mapping[str, float], width: int
) -> Iterator[Line]:
    """Exercises under their topics, with their statuses and the seconds spent on them."""
    topic = ""
    for exercise in exercises:
        if exercise.topic != topic:
            topic = exercise.topic
            yield BLANK
            yield Line(topic, "title")
        reached = status.get(exercise.key, "")
        mark, role = MARKS[reached]
        told = [reached, _minutes(spent.get(exercise.key, 0))]
        if width < WIDE_ENOUGH:
            text = " ".join([mark, exercise.number, exercise.key, *told]).replace("  ", " ")
        else:
            text = f"{mark} {exercise.number:<3} {exercise.key:<24} {told[0]:<5} {told[1]:>7}"
        yield Line(text.rstrip(), role, 2)


def _minutes(seconds: float) -> str:
    """How long somebody was at something: `12 min`, `2.5 h`; nothing for next to nothing."""
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{round(seconds / 60)} min" if seconds > HALF_A_MINUTE else ""


def attempts(exercise: Exercise, found: Sequence[Attempt]) -> Iterator[Line]:
    """One line for each attempt: when, and what it came to."""
    if not found:
        yield Line(f"No attempt at {title(exercise)} yet.")
        return
    for attempt in found:
        mark, role = MARKS["green" if attempt.ending == "passed" else "red"]
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(attempt.judged))
        told = "green" if attempt.ending == "passed" else "red: " + (", ".join(attempt.failing) or attempt.ending)
        yield Line(f"{mark} {attempt.number:>3}  {when}  {told}", role)
    yield Line(f"redloop history {exercise.number} {found[-1].number} prints the text of that one.", "quiet")


def finding_lines(finding: Finding) -> Iterator[Line]:
    """What the doctor found, and the cure."""
    mark, role = MARKS["red" if finding.cure else "green"]
    yield Line(f"{mark} {finding.what:<15} {finding.found}", role)
    if finding.cure:
        yield Line(f"To mend it: {finding.cure}", indent=4)


MARKS: dict[str, tuple[str, Role]] = {"green": ("✓", "green"), "red": ("✗", "red"), "": ("·", "")}


def _tests(count: int) -> str:
    return "1 test" if count == 1 else f"{count} tests"
