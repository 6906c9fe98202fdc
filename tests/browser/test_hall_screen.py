"""Where a case stands, by its number alone on a screen in the hall: found, read aloud, and gone for the next person."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SPEAKS = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", {
  value: {cancel() {}, speak(words) { window.said.push(words.text); }},
});
"""


def number_on_the_front_page(window) -> str:
    page = window.open("/cases/")
    window.open("/")
    return page.locator("a[href^='/cases/WY']").first.get_attribute("href").rpartition("/")[2]


def test_a_number_is_typed_read_and_read_aloud(reader):
    window = reader()
    number = number_on_the_front_page(window)
    page = window.page
    page.add_init_script(SPEAKS)
    window.open("/find?kiosk=1")
    page.get_by_role("link", name="查我办的件到哪一步了").click()
    page.get_by_label("办件编号").fill(number.removeprefix("WY").lower())
    page.get_by_role("button", name="查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    window.check()
    page.get_by_role("button", name="读给我听").click()
    page.wait_for_function("window.said.length")
    said = page.evaluate("window.said")
    assert len(said) == 1
    assert said[0].startswith(f"您的编号 {' '.join(number)}。")
    page.get_by_role("link", name="看完了，换下一位").click()
    expect(page.get_by_label("办件编号")).to_have_value("")


def test_without_scripts_it_is_read_and_no_dead_button_stands_there(reader):
    window = reader(scripts=False)
    number = number_on_the_front_page(window)
    page = window.open(f"/cases/?kiosk=1&number={number}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)
    expect(page.get_by_role("button", name="读给我听")).to_have_count(0)


TURNS = """() => {
  const calls = Array.from({length: 50}, (_, n) => ({key: `${n}`}));
  const screens = [];
  let stood = new Map(), shown;
  for (let answer = 0; answer < 90; answer += 1) {
    const told = answer < 60 ? calls : [{key: "new"}, ...calls];
    [shown, stood] = choose(told, stood, answer);
    screens.push(shown.map((call) => call.key));
  }
  return screens;
}"""


def test_of_fifty_calls_at_once_each_stands_on_the_screen_for_its_time(reader):
    """Eight have room: newest first, three seconds each, and nobody waits longer than for the others once."""
    window = reader()
    page = window.page
    plain = {"name": "综合", "now": True, "say": ""}
    calls = [{"key": f"A{n}", "label": f"A{n:03}", "window": n, **plain} for n in range(50, 0, -1)]
    page.route("**/hall/hall/calls.json", lambda route: route.fulfill(json={"waiting": 9, "calls": calls}))
    page = window.open("/hall/hall/calls")
    expect(page.get_by_text("正在叫的有 50 个号")).to_be_visible()
    expect(page.locator(".calls li")).to_have_count(8)
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator(".calls li").last).to_be_in_viewport(ratio=1)
    window.check()
    expect(page.locator(".calls li", has_text="A042")).to_be_visible()
    screens = page.evaluate(TURNS)
    assert screens[0] == [str(n) for n in range(8)] and all(len(screen) == 8 for screen in screens)
    for key in (str(n) for n in range(50)):
        runs = "".join("x" if key in screen else " " for screen in screens[:60]).split()
        assert runs and all(len(run) >= 6 for run in runs[:-1]) and len(runs[0]) >= 6, key
        assert max(map(len, "".join(" " if key in screen else "x" for screen in screens[:60]).split())) <= 42, key
    first = next(n for n, screen in enumerate(screens) if "new" in screen)
    assert first - 60 < 6 and all("new" in screen for screen in screens[first : first + 6])
