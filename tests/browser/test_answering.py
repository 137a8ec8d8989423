"""A question is answered in the browser by filling in fields, and asked again when the agent can't take the answer."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_every_page import AXE
from tests.house.house import House, eventually

MISTYPED = "DE89370400440532013001"
ACCOUNT = "DE89370400440532013000"


def asked(house: House, run: str, number: int) -> dict[str, Any]:
    """Return the request that a run makes, the ``number``-th."""
    sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s ORDER BY id"
    return eventually(lambda: house.rows(sql, run)[number - 1 : number], what=f"request {number}")[0]


def taken_on(house: House, session: str) -> list[dict[str, Any]]:
    book = house.ledger.with_name("payables.jsonl")
    lines = [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
    return [line for line in lines if line["key"].startswith(f"{session}/")]


def field(name: str) -> str:
    return f"[name='edit-answer/{name}']"


def test_a_form_is_filled_in_by_keyboard_and_asked_again_about_what_does_not_fit(
    house: House, visit: Visit, screenshots: Path
) -> None:
    run = house.ask("Take on Hanil", session="form", service="Payables")
    first = asked(house, run, 1)
    visitor = visit(viewport={"width": 1440, "height": 1100}, bypass_csp=True)
    visitor.open_request(first["id"])
    visitor.wait_until_live()
    page = visitor.page
    expect(page.get_by_role("heading", name="Your answer")).to_be_visible()
    page.locator(field("account")).focus()
    page.keyboard.type(MISTYPED)
    page.locator(field("limit")).focus()
    page.keyboard.type("900")
    page.locator(field("terms")).select_option("at once")
    page.get_by_role("button", name="Add to contacts").focus()
    page.keyboard.press("Enter")
    expect(page.locator(field("contacts/0"))).to_be_focused()
    page.keyboard.type("Kim")
    page.screenshot(path=screenshots / "answering.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=screenshots / "answering-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.add_script_tag(path=AXE)
    looks = "axe.run().then(result => result.violations.map(one => [one.id, one.nodes[0].html]))"
    assert page.evaluate(looks) == []
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", name="What was answered")).to_be_visible()
    second = asked(house, run, 2)
    visitor.open_request(second["id"])
    expect(page.locator("#what .own-words")).to_contain_text("it is mistyped")
    expect(page.locator(field("account"))).to_have_value(MISTYPED)
    page.locator(field("account")).fill(ACCOUNT)
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#outcome")).to_contain_text("answered", ignore_case=True)
    [line] = eventually(lambda: taken_on(house, "form"), what="the supplier is taken on")
    assert (line["account"], line["limit"], line["terms"], line["contacts"]) == (ACCOUNT, 900, "at once", ["Kim"])
    page.screenshot(path=screenshots / "answered.png", full_page=True)


def test_what_was_begun_is_there_after_a_reload_and_needs_not_be_complete_to_refuse(house: House, visit: Visit) -> None:
    request = asked(house, house.ask("Take on Acme", session="form-draft", service="Payables"), 1)
    visitor = visit(reduced_motion="reduce")
    visitor.open_request(request["id"])
    visitor.wait_until_live()
    page = visitor.page
    page.locator(field("account")).fill(MISTYPED)
    page.get_by_role("button", name="Add to contacts").click()
    page.locator(field("contacts/0")).fill("Kim")
    page.reload()
    expect(page.locator(field("account"))).to_have_value(MISTYPED)
    expect(page.locator(field("contacts/0"))).to_have_value("Kim")
    expect(page.locator("#edits-kept")).to_contain_text("is back in the form", use_inner_text=True)
    page.locator("#id_note").fill("Nobody knows Acme.")
    page.get_by_role("button", name="Refuse to answer…").click()
    expect(page.locator("#outcome")).to_contain_text("Rejected")


def test_what_the_agent_sent_along_is_looked_at_on_the_page(house: House, visit: Visit, screenshots: Path) -> None:
    said = "Pay Nordwind to DE89370400440532013000 from now on"
    run = house.ask(said, session="letter", service="Payables")
    visitor = visit(viewport={"width": 1440, "height": 1100})
    visitor.open_request(asked(house, run, 1)["id"])
    visitor.wait_until_live()
    page = visitor.page
    letter = page.locator(".files > li")
    expect(letter).to_contain_text("letter-DE89370400440532013000.txt")
    letter.get_by_text("Look inside").focus()
    page.keyboard.press("Enter")
    expect(letter.locator("pre")).to_have_text(said)
    page.screenshot(path=screenshots / "files.png", full_page=True)
    with page.expect_download() as download:
        letter.get_by_role("link").click()
    assert download.value.path().read_text() == said


def test_on_a_phone_and_without_javascript_a_form_is_filled_in(house: House, visit: Visit, screenshots: Path) -> None:
    run = house.ask("Take on Acme", session="form-plain", service="Payables")
    visitor = visit(java_script_enabled=False, viewport={"width": 390, "height": 844})
    visitor.open_request(asked(house, run, 1)["id"])
    page = visitor.page
    page.locator(field("account")).fill(ACCOUNT)
    page.screenshot(path=screenshots / "answering-phone.png", full_page=True)
    page.locator(field("limit")).fill("100")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", name="What was answered")).to_be_visible()
    assert eventually(lambda: taken_on(house, "form-plain"), what="the supplier is taken on")[0]["limit"] == 100
