"""Hundreds of hostile texts, from the intake API to the page in a real browser, under the real policy.

Of each page: no script ran, nothing was asked of anybody else, nothing stands on it but what we put there, nothing is
hidden, it does not run sideways on the narrowest phone, and a decision can be made.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.watching import Watch
from tests.hostile import FAMILIES
from tests.hostile.announcing import announced, announcement, batches, everywhere, put_bytes
from tests.hostile.sizes import OVERSIZED
from tests.house.house import House

# One of each of our marks, and nothing that means harm.
MARKED = [
    "plain",
    "a\u200bb",
    "pаypal",
    "Z" + "\u0301" * 20,
    "**a** _b_ `c`\n\n> d\n\n1. e\n- f\n\n***\n\n```\ng\n```",
]


@pytest.fixture(scope="module")
def allowed(watch: Watch, hostile_house: House) -> set[str]:
    """What pages are made of whose texts mean no harm, but have one of each of our marks."""
    values = {
        "amount": 1800.5, "currency": "USD", "day": "2026-04-24", "yes": True, "none": None, "long": "words " * 500,
        "url": "https://a@xn--pypal-4ve.com/", "email": "a@example.org", "patch": "@@ -1 +1 @@\n-a\n+b\n",
        "file": next(iter(OVERSIZED["data of 180 KB"].values()))[:400], "text": "two\nlines", "": "",
    }  # fmt: skip
    said = [{"author": "a", "kind": "message", "text": "words " * 500}]
    wanted = [everywhere(MARKED), everywhere(MARKED, as_question=True), everywhere(MARKED, as_form=True)]
    wanted += [announcement(arguments=values, context=said)]
    # Markdown breaks lines, a list of more than fifty leads on, and what has to be chosen in a form may be a list.
    found = {"br", "a rel", "select required", "select aria-describedby"}
    for one in wanted:
        watch.visitor.open_request(announced(hostile_house, one))
        found |= watch.inventory()
    watch.page.goto("/")
    return found | watch.inventory()


def _each_kind(batch: list[str], number: int) -> dict[str, Any]:
    """Return an approval, a question with choices, and one with a form, in turn."""
    return everywhere(batch, as_question=number % 3 == 2, as_form=number % 3 == 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_texts_are_only_texts(watch: Watch, hostile_house: House, allowed: set[str], family: str) -> None:
    wrong: dict[str, list[str]] = {}
    for number, batch in enumerate(batches(FAMILIES[family])):
        watch.visitor.open_request(announced(hostile_house, _each_kind(batch, number)))
        found = watch.complaints(allowed)
        if family == "hiding":
            found += untold(batch, watch.page.locator("main").inner_text())
        if found:
            wrong[repr(batch)] = found
    watch.page.goto("/")
    if found := watch.complaints(allowed):
        wrong["inbox"] = found
    assert wrong == {}


def untold(batch: list[str], shown: str) -> list[str]:
    """Return which characters that hide are not told by their numbers; NUL is sent as another sign."""
    hidden = {character for character in "".join(batch) if not character.isprintable()} - {"\0", "\n", "\t"}
    numbers = (f"U+{ord(character):04X}" for character in hidden)
    return [f"does not tell {number}" for number in numbers if number not in shown]


@pytest.mark.parametrize("name", OVERSIZED)
def test_what_is_huge_is_shown_whole_and_can_be_decided(
    watch: Watch, hostile_house: House, allowed: set[str], name: str
) -> None:
    # A tool of its own, so that none has earlier decisions.
    wanted = announcement(tool=name, arguments=OVERSIZED[name], context=huge_context())
    request_id = announced(hostile_house, wanted)
    watch.visitor.open_request(request_id)
    page = watch.page
    assert watch.complaints(allowed) == []
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert not watch.runs_sideways(), "runs sideways when unfolded"
    shown = page.locator("#what").evaluate("(what) => what.textContent")
    assert [end for end in ends_of(OVERSIZED[name]) if end not in shown] == []
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved")
    [row] = hostile_house.rows("SELECT * FROM approvals_approvalrequest WHERE id = %s", request_id)
    assert row["status"] == "approved"
    # How far it gets after that is the courier's: this agent never reports what it does with a decision.
    assert hostile_house.delivery_of(request_id)


def test_a_page_of_hostile_texts_still_takes_an_answer_an_edit_and_a_rejection(
    watch: Watch, hostile_house: House
) -> None:
    payloads = ["<img src=x onerror=canary()>", "\u202e)ti esrever", "{{ 7|add:7 }}"]
    page = watch.page
    watch.visitor.open_request(announced(hostile_house, everywhere(payloads, as_question=True)))
    page.locator("#choices input").first.check()
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Answered")
    expect(page.locator("#outcome")).to_contain_text(payloads[0])
    watch.visitor.open_request(announced(hostile_house, everywhere(payloads)), "?edit=1")
    page.locator("[name='edit-edited']").fill("<script>canary()</script>")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Approved with changes")
    expect(page.locator("#what")).to_contain_text("<script>canary()</script>")
    watch.visitor.open_request(announced(hostile_house, everywhere(payloads)))
    page.locator("#reasons input").first.check()
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#outcome .verdict")).to_contain_text("Rejected")
    expect(page.locator("#outcome .quote")).to_have_text(payloads[0])
    assert watch.ran == []


def refused() -> dict[str, tuple[str, bytes]]:
    """Return runs with announcements that can't be shown truly, by what is wrong with them."""
    good = announcement()
    run, whole = good["run"]["invocation_id"], json.dumps(good)

    def arguments(json_text: str) -> bytes:
        return whole.replace('"arguments": {}', f'"arguments": {{"a": {json_text}}}').encode()

    def also(**fields: Any) -> bytes:
        return json.dumps(good | fields).encode()

    bodies = {
        "half a character in a title": also(title="a\ud800b"),
        "half a character in an argument": arguments('"\\udfff"'),
        "half a character as a name": arguments('{"\\ud800": 1}'),
        "half a character in the context": also(context=[{"author": "a", "kind": "tool_result", "data": ["\ud800"]}]),
        "half a character in the schema": also(arguments_schema={"title": "\ud800"}),
        "nested without end": arguments("[" * 9_000 + "]" * 9_000),
        "no number": arguments("NaN"),
        "too large a number": arguments("1e999"),
        "too exact a number": arguments("9007199254740993"),
        "a number of 5,000 digits": arguments("9" * 5_000),
        "no JSON": b"{",
        "no UTF-8": b'{"title": "\xff"}',
        "too long a title": also(title="x" * 301),
        "too long a name": also(agent="x" * 201),
        "too large arguments": arguments(json.dumps("x" * 262_145)),
    }
    return {what: (run, body) for what, body in bodies.items()}


@pytest.mark.parametrize("what", refused())
def test_what_can_not_be_shown_truly_is_refused_with_the_reason(hostile_house: House, what: str) -> None:
    run, body = refused()[what]
    answer = put_bytes(hostile_house, body, run)
    assert answer.status_code in (400, 422), answer.text[:1_000]
    assert answer.json()["problems"][0]["message"]


def huge_context() -> list[dict[str, Any]]:
    """Return a conversation as long as it may be."""
    return [{"author": "agent", "kind": "message", "text": "x" * 15_000 + " **b** `c`" * 200}] * 10


def ends_of(value: Any) -> list[str]:
    """Return the last text in each part of a value: what is cut loses it."""
    if isinstance(value, dict):
        return [end for inner in value.values() for end in ends_of(inner)][-50:]
    if isinstance(value, list):
        return [end for inner in value[-2:] for end in ends_of(inner)]
    return [value[-12:]] if isinstance(value, str) and value[-12:].isalnum() else []
