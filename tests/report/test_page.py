"""The page in a real browser: no error, no request, and what a person does with it."""

import dataclasses
import shutil
import time
from itertools import pairwise

import pytest
from report.pages import FILE, HOSTILE, SUITE, span

from redloop.record import BlockingCall, Run
from redloop.report import html

selenium = pytest.importorskip("selenium", reason="selenium drives the browser: pip install selenium")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="no chromium and chromedriver here: apt install chromium-driver"
    ),
    pytest.mark.timeout(300),  # a browser starts slowly on a busy machine
]
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,900",
)


@pytest.fixture(scope="module")
def browser():
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of some tests; at the end there must have been no message in the console, and no request."""

    def show(tests):
        path = tmp_path / "report.html"
        path.write_text(html.document(tests, root="/home/ada", line_of=lambda *_: "await fetch()"), encoding="utf-8")
        browser.get_log("performance")
        browser.get(path.as_uri())
        assert browser.execute_script("return document.documentElement.dataset.ready") == "yes"
        return browser

    yield show
    assert browser.get_log("browser") == []
    asked = [
        entry["message"] for entry in browser.get_log("performance") if 'Network.requestWillBeSent"' in entry["message"]
    ]
    assert all('"url":"file://' in message for message in asked), asked


def names(browser):
    return browser.execute_script("return shown().map(test => test.nodeid)")


def press(browser, selector, key):
    from selenium.webdriver.common.by import By

    browser.find_element(By.CSS_SELECTOR, selector).send_keys(key)


def test_opens_on_the_failed_test_and_shows_what_was_found(show):
    browser = show(SUITE)
    assert browser.execute_script("return chosen.nodeid") == "test_shop.py::test_blocked"
    text = browser.execute_script("return document.body.innerText")
    for piece in (
        "3 tests · 1 failed",
        "time.sleep: 1.5 s in crunch",
        "shop.py:31  await fetch()",
        "had to wait: Task-3",
    ):
        assert piece in text
    assert "task forgotten()" in text


def test_filters_sorts_and_chooses(show):
    browser = show(SUITE)
    press(browser, "#filter", "TOGETHER shop")
    assert names(browser) == ["test_shop.py::test_together"]
    press(browser, "#filter", "\ue009a\ue000\ue003")  # select all, delete
    assert len(names(browser)) == 3
    browser.execute_script("document.querySelector('[data-sort=elapsed]').click()")
    assert names(browser)[-1] == HOSTILE or names(browser)[0] == HOSTILE
    browser.execute_script("shown()[0].row.click()")
    assert browser.execute_script("return document.querySelector('#detail h2').textContent") == names(browser)[0]
    press(browser, "body", "j")
    assert browser.execute_script("return chosen.nodeid") == names(browser)[1]


def test_zooms_moves_and_explains_itself_by_keyboard_and_pointer(show):
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    browser = show(SUITE)
    press(browser, "#stage", "+")
    assert browser.execute_script("return stage.to - stage.from") == 1.5
    press(browser, "#stage", "\ue014")  # right
    assert browser.execute_script("return stage.from") == pytest.approx(0.75 + 0.3)
    press(browser, "#stage", "0")
    assert browser.execute_script("return [stage.from, stage.to]") == [0, 3]
    press(browser, "#stage", "\ue015\ue015")  # down, down
    assert "crunch: Task-2" in browser.execute_script("return document.getElementById('say').textContent")
    canvas = browser.find_element(By.CSS_SELECTOR, "#stage canvas")
    ActionChains(browser).move_to_element_with_offset(
        canvas, -canvas.size["width"] // 2 + 300, -canvas.size["height"] // 2 + 65
    ).perform()
    tip = browser.execute_script("return document.getElementById('tip').innerText")
    assert "crunch  blocks the loop" in tip
    assert "waited\n1.5 s\nblocked the loop for\n1.5 s\nshop.py:31" in tip
    assert "queued" not in tip, "it has not"


def test_a_stall_that_took_no_loop_time_is_said_with_its_real_seconds(show):
    from selenium.webdriver.common.keys import Keys

    browser = show(SUITE)
    press(browser, "#stage", Keys.ARROW_DOWN * 3)
    said = browser.execute_script("return document.getElementById('say').textContent")
    assert said.startswith("poll: Task-3")
    assert "blocked the loop for 250 ms of real time" in said


def test_hostile_names_are_text(show):
    browser = show(SUITE)
    browser.execute_script("window.boom = () => { window.boomed = true; }; shown().forEach(test => choose(test))")
    assert browser.execute_script("return window.boomed") is None
    assert browser.execute_script("return document.querySelectorAll('img, b').length") == 1, "the b of the title"
    assert browser.execute_script("return document.querySelector('#detail h2').textContent") == HOSTILE


def test_every_span_is_in_a_table_for_those_who_cannot_see_the_picture(show):
    browser = show(SUITE)
    browser.execute_script("document.querySelector('details').open = true")
    deadline = time.monotonic() + 60
    while not (
        rows := browser.execute_script(
            "return [...document.querySelectorAll('#spans tbody tr')].map(row => row.innerText)"
        )
    ):
        assert time.monotonic() < deadline
    assert rows[1].split("\t") == ["crunch", "Task-2", "0.0 s", "3.0 s", "1.5 s", "0.0 s", "ok", "shop.py:31"]
    assert browser.execute_script("return document.getElementById('stage').getAttribute('aria-label')").startswith(
        "Timeline of 4"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(show, scheme):
    browser = show(SUITE)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    red = browser.execute_script("return parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    assert (red > 200) == (scheme == "light")


def test_prints_the_chosen_test_first_and_on_white(show):
    browser = show(SUITE)
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    try:
        look = "const style = getComputedStyle(document.body); return [style.backgroundColor, style.color]"
        assert browser.execute_script(look) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        detail, tests = browser.execute_script(
            "return ['detail', 'list'].map(id => document.getElementById(id).getBoundingClientRect().top)"
        )
        assert detail < tests
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_many_tests_and_many_spans_are_drawn_where_one_looks(show):
    """Events are counted, not seconds: however many rows there are, only those in sight are drawn."""
    spans = tuple(
        span(f"fetch({n})", n / 100, n / 100 + 1, task=f"T{n}", waits=((n / 100, n / 100 + 1),)) for n in range(10_000)
    )
    many = [(f"test_many.py::test_{n}", "passed", dataclasses.replace(SUITE[0][2])) for n in range(2_000)]
    browser = show([("test_many.py::test_big", "failed", Run("virtual", elapsed=101.0, spans=spans)), *many])
    assert browser.execute_script("return stage.rows.map(row => row.name)")[-1] == "fetch ×9997"  # noqa: RUF001
    drawn = browser.execute_script(
        """
        document.getElementById("fold").click();
        let texts = 0;
        const pen = CanvasRenderingContext2D.prototype, original = pen.fillText;
        pen.fillText = function (...args) { texts++; return original.apply(this, args); };
        stage.resize();
        pen.fillText = original;
        return [stage.rows.length, texts];
        """
    )
    assert drawn[0] == 10_000
    assert drawn[1] < 100
    press(browser, "#filter", "test_1999")
    assert names(browser) == ["test_many.py::test_1999"]


def stalled(*moments):
    """A run without loop time whose one span blocked the loop for so many real seconds, each at a loop time."""
    calls = (BlockingCall("stall", "", FILE, 35, "poll", seconds, "Task-1", at=at) for at, seconds in moments)
    return Run("virtual", elapsed=2.0, blocking_calls=tuple(calls), spans=(span("poll", 0.0, 2.0),))


TEXTS = """
    const texts = [], pen = CanvasRenderingContext2D.prototype, original = pen.fillText;
    pen.fillText = function (text, ...args) { texts.push(text); return original.call(this, text, ...args); };
    stage.resize();
    pen.fillText = original;
    return texts;
"""


def test_marks_that_cannot_be_told_apart_are_added_up(show):
    browser = show([("test_it", "failed", stalled((1.0, 0.1), (0.5, 0.4), (1.0, 0.2), (1.001, 0.05)))])
    texts = browser.execute_script(TEXTS)
    assert [text for text in texts if text.endswith("ms")] == ["400 ms", "350 ms"]
    browser.execute_script("stage.from = 0.9995; stage.to = 1.0015")
    assert [text for text in browser.execute_script(TEXTS) if text in {"300 ms", "50 ms", "50.0 ms"}] == [
        "300 ms",
        "50.0 ms",
    ]


def test_a_run_that_took_no_time_has_one_time_on_its_axis(show):
    browser = show([("test_it", "failed", Run("virtual", spans=(span("main", 0.0, 0.0, outcome="error"),)))])
    assert browser.execute_script(TEXTS) == ["0 s", "↯", "main"]


AXIS = """
    const labels = [], pen = CanvasRenderingContext2D.prototype, original = pen.fillText;
    pen.fillText = function (text, x, y) {
        if (y < 28) labels.push([text, x, x + this.measureText(text).width]);
        return original.call(this, text, x, y);
    };
    stage.resize();
    pen.fillText = original;
    return labels;
"""


@pytest.mark.parametrize("seconds", [2.0, 49_950.0, 0.003])
def test_no_label_of_the_axis_meets_its_neighbour_however_near_one_looks(show, seconds):
    browser = show([("test_it", "failed", Run("virtual", elapsed=seconds, spans=(span("main", 0.0, seconds),)))])
    for presses in range(30):
        labels = browser.execute_script(AXIS)
        gaps = [right[1] - left[2] for left, right in pairwise(labels)]
        assert labels
        assert min(gaps, default=8) >= 4, (presses, labels)
        press(browser, "#stage", "+")


def test_names_that_are_cut_keep_what_tells_them_apart(show):
    long = "a_function_with_a_name_that_is_really_quite_long_and_goes_on"
    tails = (" #1", " #2", "(1.5)", "('a') #3", f"('{long}')", f"('{long}') #4")
    spans = tuple(span(long + tail, 0.0, 1.0, task=f"T{n}") for n, tail in enumerate(tails))
    browser = show([("test_it", "failed", Run("virtual", elapsed=1.0, spans=spans))])
    drawn = [text for text in browser.execute_script(TEXTS) if text.startswith("a_function")]
    assert [text.partition("…")[2] for text in drawn] == [" #1", " #2", "(1.5)", "('a') #3", "", " #4"]


def test_a_name_is_cut_between_characters_and_fits(show):
    browser = show([("test_it", "failed", Run("virtual", elapsed=1.0, spans=(span("fetch", 0.0, 1.0),)))])
    wrong = """
        const pen = document.querySelector("#stage canvas").getContext("2d"), wrong = [];
        for (let width = 60; width < 120; width++) {
            const cut = fit(pen, "fetch('" + "🐍".repeat(50) + "')", width);
            if (!cut.isWellFormed() || pen.measureText(cut).width > width) wrong.push(width);
        }
        return wrong;
    """
    assert browser.execute_script(wrong) == []


def test_the_keys_never_choose_a_row_beneath_the_heading(show):
    from selenium.webdriver.common.keys import Keys

    browser = show([(f"test_shop.py::test_{n}", "passed", Run("real")) for n in range(100)])
    press(browser, "#tests tbody tr", Keys.ARROW_DOWN * 80)
    press(browser, "#tests tbody tr[aria-current]", Keys.ARROW_UP * 60)
    assert browser.execute_script("return chosen.nodeid") == "test_shop.py::test_20"
    box = "return arguments[0].getBoundingClientRect()"
    row, heading = (browser.execute_script(f"return {one}") for one in ("chosen.row", "document.querySelector('th')"))
    assert browser.execute_script(box, row)["top"] >= browser.execute_script(box, heading)["bottom"] - 1


def test_enter_in_the_filter_opens_the_first_match(show):
    from selenium.webdriver.common.keys import Keys

    browser = show(SUITE)
    press(browser, "#filter", "together" + Keys.ENTER)
    assert browser.execute_script("return chosen.nodeid") == "test_shop.py::test_together"
    assert browser.execute_script("return document.activeElement === chosen.row"), "and j and k go on from there"
    press(browser, "#filter", "nothing is like that" + Keys.ENTER)
    assert browser.execute_script("return chosen.nodeid") == "test_shop.py::test_together"


COLUMNS = """
    const scroll = document.getElementById("scroll"), edge = scroll.getBoundingClientRect().left + scroll.clientWidth;
    scroll.scrollLeft = arguments[0];
    return [...document.querySelectorAll("#tests th")].map(th => th.getBoundingClientRect()).map(
        box => [Math.round(box.width) > 0, box.right <= edge + 1]
    ).concat([[document.documentElement.scrollWidth <= innerWidth, true]]);
"""


@pytest.mark.parametrize(("width", "scrolled"), [(1400, 0), (800, 0), (420, 0), (320, 999)])
def test_every_column_can_be_seen_on_a_narrow_screen(show, width, scrolled):
    browser = show(SUITE)
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        assert browser.execute_script(COLUMNS, scrolled) == [[True, True]] * 5
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


SIZES = """
    const canvas = document.querySelector("#stage canvas"), room = document.getElementById("stage");
    return [canvas.width / devicePixelRatio, canvas.clientWidth, room.clientWidth, room.scrollWidth];
"""


def settled(browser):
    """The widths of the picture, its canvas and the room for it, once the browser has laid out the page."""
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    return browser.execute_script(SIZES)


def test_the_picture_is_as_wide_as_its_room_when_a_scrollbar_comes_and_goes(show):
    def many(count):
        return tuple(span(f"f{n}", 0.0, 1.0, task=f"T{n}", waits=((0.0, 1.0),)) for n in range(count))

    browser = show([(f"test_{n}", "failed", Run("virtual", elapsed=1.0, spans=many(n))) for n in (2, 30, 2_000)])
    choose = "choose(tests.find(test => test.nodeid === arguments[0]))"
    assert len(set(settled(browser))) == 1
    for name in ("test_30", "test_2000", "test_2"):
        browser.execute_script(choose, name)
        assert len(set(settled(browser))) == 1, name
    browser.execute_script(choose, "test_2000")
    browser.execute_script("const fold = document.getElementById('fold'); if (fold.checked) fold.click();")
    assert len(set(settled(browser))) == 1, "unfolded"


def test_the_chosen_test_is_shown_also_under_the_mouse_and_to_those_who_listen(show):
    from selenium.webdriver import ActionChains

    browser = show(SUITE)
    row = browser.execute_script("return chosen.row")
    colour = "return getComputedStyle(arguments[0]).backgroundColor"
    before = browser.execute_script(colour, row)
    other = browser.execute_script("return shown().find(test => test !== chosen).row")
    ActionChains(browser).move_to_element(row).perform()
    assert browser.execute_script(colour, row) == before
    assert row.get_attribute("aria-current") == "true"
    ActionChains(browser).move_to_element(other).click().perform()
    assert browser.execute_script(colour, other) == before
    assert [other.get_attribute("aria-current"), row.get_attribute("aria-current")] == ["true", None]


CONTRAST = """
    const light = colour => {
      const linear = part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
      const [r, g, b] = colour.match(/[\\d.]+/g).map(part => linear(part / 255));
      return .2126 * r + .7152 * g + .0722 * b;
    };
    const probe = document.body.appendChild(document.createElement("i"));
    const value = name => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color); };
    return ["ink", "soft", "good", "bad", "warn"].flatMap(text => ["paper", "panel", "hover", "pick"].map(ground => {
      const [low, high] = [value(text), value(ground)].sort((x, y) => x - y);
      return [text, ground, (high + .05) / (low + .05)];
    }));
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_every_ground(show, scheme):
    browser = show(SUITE)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    ratios = browser.execute_script(CONTRAST)
    assert [(text, ground, ratio) for text, ground, ratio in ratios if ratio < 4.5] == []  # WCAG 2, level AA


def test_an_address_that_was_cut_opens_the_page_all_the_same(show, tmp_path):
    browser = show(SUITE)
    browser.get("about:blank")
    browser.get((tmp_path / "report.html").as_uri() + "#test_shop.py%3A%")
    assert browser.execute_script("return chosen.nodeid") == "test_shop.py::test_blocked"


def detail(browser, nodeid=None):
    """What the page says of a test, in lines."""
    if nodeid is not None:
        browser.execute_script("choose(tests.find(test => test.nodeid === arguments[0]))", nodeid)
    return browser.execute_script("return document.getElementById('detail').innerText").splitlines()


def test_says_why_a_test_failed(show):
    story = "DeadlockError: deadlock: every task waits\n  Task-2 waits for <a Lock>"
    browser = show([("test_it", "failed", dataclasses.replace(SUITE[0][2], failure=story)), SUITE[0]])
    assert browser.execute_script("return document.querySelector('#detail .failure').textContent") == story
    detail(browser, SUITE[0][0])
    assert browser.execute_script("return document.querySelector('#detail .failure')") is None


def test_the_heading_has_the_figures_that_say_something(show):
    spans = (
        span("test_alone", 0.0, 61.0, queues=((0.0, 1.0),), waits=((1.0, 61.0),)),
        span("install", 0.0, 9.0, task="Task-2", waits=((0.0, 9.0),)),
    )
    alone = ("test_alone", "failed", Run("virtual", elapsed=61.0, waited=69.0, overlap=1.1, peak=2, spans=spans))
    browser = show([*SUITE, alone, ("test_plain", "passed", Run()), ("test_skipped", "skipped", Run("virtual"))])
    figures = "return [...document.querySelectorAll('.figures div')].map(one => one.innerText.replace(/\\s+/g, ' '))"
    detail(browser, SUITE[0][0])
    assert browser.execute_script(figures) == [
        "took 2.0 s",
        "longest wait 2.0 s in fetch('a')",
        "overlap 2.0 of 2.0",
        "waited, in all 4.0 s",
        "most at once 2",
        "CPU 0.0 s",
    ]
    detail(browser, SUITE[1][0])
    assert browser.execute_script(figures) == ["took 3.0 s", "loop blocked 1.75 s", "CPU 0.0 s"]
    detail(browser, "test_alone")
    assert browser.execute_script(figures)[:2] == ["took 61.0 s", "overlap 1.1"], "that it waited longest says nothing"
    for name, outcome in (("test_plain", "passed"), ("test_skipped", "skipped")):
        said = [line.strip() for line in detail(browser, name) if line.strip()]
        assert said == [name, outcome, "No coroutine of the suite's own ran here."]


def test_outcomes_have_signs_of_their_own(show):
    outcomes = ("passed", "failed", "skipped", "xfailed", "xpassed")
    browser = show([(f"test_{outcome}", outcome, Run()) for outcome in outcomes])
    signs = browser.execute_script(
        "return shown().map(test => getComputedStyle(test.row.querySelector('.outcome'), '::before').content)"
    )
    assert len(set(signs)) == len(outcomes)


def test_a_long_name_takes_three_lines_and_all_of_it_can_be_seen(show):
    name = "test_it.py::test_it[" + "a-long-name-" * 200 + "]"
    browser = show([(name, "passed", Run())])
    lines = """
        const node = document.querySelector(arguments[0]);
        return [Math.round(node.clientHeight / parseFloat(getComputedStyle(node).lineHeight)), node.textContent];
    """
    assert browser.execute_script(lines, "#detail h2") == [3, name]
    assert browser.execute_script(lines, "#tests td .clamp")[0] == 3
    assert browser.execute_script("return document.querySelector('#tests td').title") == name
    browser.execute_script("document.querySelector('#detail h2').click()")
    assert browser.execute_script(lines, "#detail h2")[0] > 3


def test_the_legend_has_what_the_picture_has(show):
    browser = show(SUITE)
    legend = "return document.querySelector('.legend').innerText.split('\\n')"
    assert browser.execute_script(legend) == [
        "runs",
        "waits for the outside",
        "queues behind another task",
        "blocks the loop",
        "✗ cancelled",
        "! leaked",
    ]
    detail(browser, SUITE[0][0])
    assert browser.execute_script(legend) == ["waits for the outside", "queues behind another task"]


def test_a_coroutine_stands_in_from_the_one_that_awaits_it_and_digits_are_grouped(show):
    spans = (
        span("main", 0.0, 49_950.0, queues=((0.0, 49_950.0),)),
        span("fetch", 0.0, 49_950.0, waits=((0.0, 49_950.0),)),
        span("other", 0.0, 1.0, task="Task-2", waits=((0.0, 1.0),)),
    )
    browser = show([("test_it", "passed", Run("virtual", elapsed=49_950.0, waited=49_951.0, spans=spans))])
    drawn = browser.execute_script(TEXTS.replace("texts.push(text)", "texts.push([text, args[0]])"))
    at = dict(drawn)
    assert at["fetch"] > at["main"] == at["other"]
    assert "40,000 s" in at
    assert "49,950 s" in detail(browser)
