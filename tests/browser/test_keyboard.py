"""The inbox by keyboard alone."""

import re

import pytest
from playwright.sync_api import Route, expect

from embedded.settings import ROOT
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.house.house import House

MESSAGE = "Please reimburse 1,{} USD for a hotel, two nights during the workshop."


@pytest.fixture(scope="module")
def waiting(house: House) -> list[int]:
    """Three requests."""
    runs = [house.ask(MESSAGE.format(amount), session=f"keys-{amount}") for amount in (310, 320, 330)]
    return [house.request_of(run)["id"] for run in runs]


def press(visitor: Visitor, *keys: str) -> None:
    # The page listens to keys once its scripts have run.
    visitor.wait_until_live()
    for key in keys:
        visitor.page.keyboard.press(key)


def test_a_list_is_walked_and_a_request_opened(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    press(visitor, "j", "j", "k", "Enter")
    expect(visitor.page).to_have_url(re.compile(r"/requests/\d+/"))
    first = visitor.page.url
    press(visitor, "j", "Enter")
    expect(visitor.page).not_to_have_url(first)


def test_g_and_a_letter_lead_to_a_queue(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    queues = {"t": "teams", "d": "decided", "w": "waiting", "s": "snoozed"}
    for letter, queue in queues.items():
        press(visitor, "g")
        expect(visitor.page.locator("body.going")).to_be_attached()
        press(visitor, letter)
        expect(visitor.page).to_have_url(re.compile(f"queue={queue}"))
    press(visitor, "g", "m")
    expect(visitor.page).not_to_have_url(re.compile("queue="))


def test_slash_searches_and_the_letters_typed_there_do_nothing_else(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    press(visitor, "/")
    visitor.page.keyboard.type("1,320.00")
    press(visitor, "Enter")
    expect(visitor.page).to_have_url(re.compile("q=1%2C320"))
    expect(visitor.row("1,320.00 USD").first).to_be_visible()
    expect(visitor.row("1,310.00 USD")).to_have_count(0)


def test_the_palette_finds_commands_and_requests(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    press(visitor, "Control+k")
    visitor.page.keyboard.type("teams")
    option = visitor.page.get_by_role("option", name="My teams")
    expect(option).to_have_attribute("aria-selected", "true")
    press(visitor, "Enter")
    expect(visitor.page).to_have_url(re.compile("queue=teams"))
    press(visitor, "Control+k")
    visitor.page.keyboard.type("1,330.00")
    expect(visitor.page.get_by_role("option", name="1,330.00")).to_be_visible()
    press(visitor, "Enter")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("1,330.00")
    press(visitor, "Control+k", "Escape")
    expect(visitor.page.locator("#palette")).to_be_hidden()


def test_the_console_is_reached_by_keys_and_its_sections_by_the_palette(visit: Visit) -> None:
    visitor = visit("operator")
    page = visitor.page
    page.goto("/")
    visitor.wait_until_live()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/runs/$"))
    visitor.wait_until_live()
    page.keyboard.press("/")
    expect(page.locator("#run-words")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("deploy")
    expect(page.locator("#palette [role=option]").first).to_have_text("Deployments")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/deployments/$"))


def test_the_palette_keeps_what_was_chosen_when_requests_come_behind_it(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    visitor.wait_until_live()
    held: list[Route] = []
    visitor.page.route("**/palette/?*", lambda route: held.append(route))
    press(visitor, "Control+k")
    visitor.page.keyboard.type("e")
    press(visitor, "ArrowDown", "ArrowDown")
    chosen = visitor.page.locator("#palette [aria-selected=true]")
    third = visitor.page.locator("#palette [role=option]").nth(2)
    expect(third).to_have_attribute("aria-selected", "true")
    words = str(third.text_content())
    visitor.page.wait_for_timeout(300)
    held[0].continue_()
    expect(visitor.page.locator("#palette a[role=option]").first).to_be_visible()
    expect(chosen).to_have_text(words)
    press(visitor, "ArrowUp", "ArrowUp", "ArrowUp")
    expect(visitor.page.locator("#palette [role=option]").last).to_have_attribute("aria-selected", "true")


def test_the_palette_does_what_was_typed_before_its_script_had_come(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    visitor.wait_until_live()
    held: list[Route] = []
    visitor.page.route("**/palette.*js", lambda route: held.append(route))
    press(visitor, "Control+k", *"my te", "Enter")
    expect(visitor.page.locator("#palette input")).to_have_value("my te")
    assert "queue=" not in visitor.page.url
    held[0].continue_()
    expect(visitor.page).to_have_url(re.compile("queue=teams"))


def test_what_was_typed_into_a_palette_that_is_shut_again_is_not_done(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    visitor.wait_until_live()
    held: list[Route] = []
    visitor.page.route("**/palette.*js", lambda route: held.append(route))
    press(visitor, "Control+k", *"my te", "Enter", "Escape", "Control+k")
    held[0].continue_()
    expect(visitor.page.locator("#palette [role=option]").first).to_be_visible()
    visitor.page.wait_for_timeout(300)
    assert "queue=" not in visitor.page.url


@pytest.mark.parametrize("width", [1440, 640])
def test_the_palette_lists_the_same_on_every_width_and_enter_alone_decides_nothing(
    visit: Visit, house: House, width: int
) -> None:
    asked = house.request_of(house.ask(MESSAGE.format(340), session=f"keys-palette-{width}"))
    visitor = visit(viewport={"width": width, "height": 800})
    visitor.open_request(asked["id"])
    press(visitor, "Control+k")
    for name in ("Approve", "Search requests", "My teams", "Keys"):
        expect(visitor.page.get_by_role("option", name=name)).to_be_visible()
    press(visitor, "Enter")
    visitor.page.wait_for_timeout(300)
    assert house.request_of(asked["invocation_id"])["status"] == "pending"
    expect(visitor.page.locator("#palette [aria-selected=true]")).to_have_count(0)
    press(visitor, "ArrowUp", "ArrowDown")
    expect(visitor.page.locator("#palette [role=option]").first).to_have_attribute("aria-selected", "true")
    visitor.page.keyboard.type("my te")
    press(visitor, "Enter")
    expect(visitor.page).to_have_url(re.compile("queue=teams"))


@pytest.mark.parametrize("opens", ["/", "the palette"])
def test_the_search_is_gone_to_from_a_page_that_has_no_room_for_it(
    visit: Visit, waiting: list[int], opens: str
) -> None:
    # A window of 1280 pixels, zoomed to 200%.
    visitor = visit(viewport={"width": 640, "height": 360})
    visitor.open_request(waiting[0])
    expect(visitor.page.locator("#search")).to_be_hidden()
    press(visitor, *(["/"] if opens == "/" else ["Control+k", *"search", "Enter"]))
    expect(visitor.page.locator("#search")).to_be_focused()
    visitor.page.keyboard.type("1,320.00")
    press(visitor, "Enter")
    expect(visitor.row("1,320.00 USD").first).to_be_visible()


def test_g_and_a_letter_lead_to_a_queue_from_pages_without_a_list_too(visit: Visit, waiting: list[int]) -> None:
    visitor = visit()
    for path in (f"/requests/{waiting[0]}/record/", "/keys/"):
        visitor.page.goto(path)
        press(visitor, "g", "d")
        expect(visitor.page).to_have_url(re.compile("queue=decided"))
    visitor.page.goto(f"/requests/{waiting[0]}/record/")
    visitor.page.locator(".user-button").click()
    visitor.page.get_by_role("navigation", name="Queues").get_by_role("link", name="My teams").click()
    expect(visitor.page).to_have_url(re.compile("queue=teams"))


def test_no_key_reaches_what_is_behind_an_open_menu(visit: Visit, house: House) -> None:
    asked = house.request_of(house.ask(MESSAGE.format(350), session="keys-menu"))
    visitor = visit()
    visitor.open_request(asked["id"])
    visitor.wait_until_live()
    visitor.page.locator(".user-button").click()
    press(visitor, "a", "j", "c")
    visitor.page.wait_for_timeout(300)
    expect(visitor.page).to_have_url(re.compile(f"/requests/{asked['id']}/$"))
    expect(visitor.page.locator("#claim")).to_have_text("")
    assert house.request_of(asked["invocation_id"])["status"] == "pending"
    # What the menu itself shows still answers.
    press(visitor, "?")
    expect(visitor.page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_the_palette_opens_by_its_key_whatever_script_the_keyboard_writes(visit: Visit) -> None:
    visitor = visit()
    visitor.wait_until_live()
    hangul = {"key": "\u314f", "code": "KeyK", "ctrlKey": True, "bubbles": True, "cancelable": True}
    visitor.page.evaluate("(typed) => document.body.dispatchEvent(new KeyboardEvent('keydown', typed))", hangul)
    expect(visitor.page.locator("#palette")).to_be_visible()


def test_the_question_mark_lists_every_key(visit: Visit) -> None:
    visitor = visit()
    press(visitor, "?")
    dialog = visitor.page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    press(visitor, "Escape")
    expect(dialog).to_be_hidden()


def test_x_and_shift_click_select_and_the_selected_are_decided_together(visit: Visit, house: House) -> None:
    runs = [house.ask(MESSAGE.format(amount), session=f"bulk-{amount}") for amount in (410, 420, 430, 440)]
    ids = [house.request_of(run)["id"] for run in runs]
    visitor = visit()
    rows = [visitor.page.locator(f"#row-{pk}") for pk in ids]
    rows[0].focus()
    press(visitor, "x")
    expect(visitor.page.locator("#picked")).to_have_text("1")
    visitor.page.locator(f"#pick-{ids[2]}").click(modifiers=["Shift"])
    expect(visitor.page.locator("#picked")).to_have_text("3")
    visitor.page.locator(f"#pick-{ids[1]}").click()
    expect(visitor.page.locator("#picked")).to_have_text("2")
    # What comes in meanwhile takes the selection from nobody.
    house.request_of(house.ask(MESSAGE.format(450), session="bulk-450"))
    expect(visitor.row("1,450.00 USD").first).to_be_visible()
    expect(visitor.page.locator("#picked")).to_have_text("2")
    visitor.page.get_by_role("button", name="Approve selected").click()
    expect(visitor.page.get_by_text("2 requests were approved by you")).to_be_visible()
    for pk, status in zip(ids, ("approved", "pending", "approved", "pending"), strict=True):
        visitor.open_request(pk)
        seen = visitor.page.locator(".verdict[data-status=approved]")
        expect(seen).to_have_count(1 if status == "approved" else 0)


def test_every_key_of_a_control_stands_in_the_list_of_keys() -> None:
    templates = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    used = {key for text in templates for key in re.findall(r'data-key="(.)"', text)}
    listed = set(re.findall(r"<kbd>(.)</kbd>", (ROOT / "templates/approvals/keys.html").read_text()))
    assert {key.upper() for key in used} - listed == set()
