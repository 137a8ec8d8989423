"""Every page in each of its states, for who is both a reviewer and an operator (`EVERYBODY`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Page, expect

from restate_bridge.deployments import list_deployments
from restate_bridge.ids import awakeable_id
from tests.hostile.announcing import announcement, put
from tests.house.house import House, eventually
from tests.house.people import Person
from tests.house.plain_agent import plain_agent
from tests.house.processes import run_once

EVERYBODY: Final = "admin"
HOTEL: Final = "Please reimburse 1,650 USD for a hotel, two nights during the audit."
DINNER: Final = "I would like to claim a dinner of 1,320 USD for which I lost the receipt."
DISPUTE: Final = "2,300 EUR at Nightfall Electronics is not mine"
_SETTLED: Final = "service=Claims&key=scenes-settled"
_JOIN: Final = """
from django.contrib.auth.models import Group, User
Group.objects.get(name="finance").user_set.add(User.objects.get(username="admin"))
"""
_RULE: Final = """
from django.contrib.auth.models import Group
from approvals.models import WaitRule
WaitRule.objects.create(service="Desk").groups.add(Group.objects.get(name="finance"))
"""
_NO_RULE: Final = "from approvals.models import WaitRule; WaitRule.objects.update(service='Another')"
_ARGUMENTS: Final[dict[str, Any]] = {
    "amount": 12_500.5,
    "currency": "USD",
    "day": "2026-04-24",
    "url": "https://example.org/a/very/long/way/to/what/is/meant?with=an-argument-that-goes-on-and-on",
    "letter": "words that go on and on " * 60,
    "items": [{"what": "lodging", "amount": 1_500}, {"what": "breakfast", "amount": 30}],
    "patch": "@@ -1 +1 @@\n-a\n+b\n",
    "hidden": "pay\u200bload",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A page, and what is done there before one looks at it."""

    path: str
    steps: Callable[[Page], object] = lambda page: None


def scenes(house: House) -> dict[str, Scene]:
    """Bring the house into all those states and return what there is to see, by name."""
    run_once(["manage.py", "shell", "-c", _JOIN], house.env)
    asked = house.ask(HOTEL, session="scenes")
    pending, question = house.request_of(asked)["id"], house.request_of(house.ask(DINNER, session="scenes-2"))["id"]
    settled = _settled(house)
    risky = _announced(house, "A server for the lab", risk="high", deadline_seconds=3_600)
    quorum, snoozed = _for_several(house), _announced(house, "Write to all customers")
    expired = _announced(house, "Too late for this", deadline_seconds=1)
    for run in [house.ask(HOTEL.replace("1,650", "1,651"), session=f"scenes-bulk-{number}") for number in range(4)]:
        house.request_of(run)
    unannounced, found = _unannounced(house)
    # Decided together with those it is refused: there is no run behind it.
    _announced(house, "Pay 1,651 USD again")
    _prepare(house, quorum, snoozed)
    steered = _steered(house)
    status = "SELECT 1 FROM approvals_approvalrequest WHERE id = %s AND status = 'expired'"
    eventually(lambda: house.rows(status, expired), what="the expiry")
    queues = {name: Scene(f"/?queue={name}") for name in ("teams", "snoozed", "waiting", "decided")}
    return {
        "inbox": Scene("/"),
        **queues,
        "search": Scene("/?queue=all&q=hotel"),
        "nothing-found": Scene("/?queue=all&q=nothing-fits-this"),
        "address-with-nonsense": Scene("/?queue=mine&risk=purple"),
        "filters": Scene("/?queue=mine&risk=medium", _click("#filters summary")),
        "sorts": Scene("/", _click("#sorts summary")),
        "saved-view": Scene("/?queue=mine&q=1,651"),
        "bulk-bar": Scene("/?queue=mine&q=1,651", _pick),
        "bulk-result": Scene("/?queue=mine&q=1,651", _decide_picked),
        "palette": Scene("/", _open_palette),
        "keys-dialog": Scene("/", _open_keys),
        "keys": Scene("/keys/"),
        "preferences": Scene("/", _click(".user-button")),
        "request": Scene(f"/requests/{pending}/"),
        "question": Scene(f"/requests/{question}/"),
        "high-risk": Scene(f"/requests/{risky}/"),
        "high-risk-refused": Scene(f"/requests/{risky}/", _click("#decide .go")),
        "reason-missing": Scene(f"/requests/{pending}/", _click("#decide .stop")),
        "editing": Scene(f"/requests/{pending}/?edit=1"),
        "editing-nested": Scene(f"/requests/{pending}/?edit=1", _edit),
        "quorum": Scene(f"/requests/{quorum}/"),
        "asking": Scene(f"/requests/{risky}/", _click("[data-key=q]")),
        "snoozing": Scene(f"/requests/{pending}/", _click("#snooze summary")),
        "snoozed-request": Scene(f"/requests/{snoozed}/"),
        "settled": Scene(f"/requests/{settled}/"),
        "unfolded": Scene(f"/requests/{risky}/", _unfold),
        "expired": Scene(f"/requests/{expired}/"),
        "record": Scene(f"/requests/{settled}/record/"),
        "case": Scene(f"/cases/{_case(house)}/"),
        "runs": Scene("/runs/"),
        "runs-filtered": Scene("/runs/?state=waiting&q=scenes", _click("#filters summary")),
        "runs-picked": Scene("/runs/?q=scenes", _pick),
        "together": Scene("/runs/?q=scenes", _pause_picked),
        "run": Scene(f"/runs/{asked}/"),
        "run-holds": Scene(f"/runs/{asked}/payloads/", _unfold),
        "waits": Scene("/waits/"),
        "wait": Scene(f"/waits/{unannounced}/"),
        "wait-refused": Scene(f"/waits/{unannounced}/", _settle_wrongly),
        "found": Scene(f"/requests/{found}/"),
        "steer": Scene(f"/runs/{asked}/kill/"),
        "restart": Scene(f"/runs/{steered}/restart/"),
        "operators-record": Scene("/record/", _click(".filters summary")),
        **_deployments(house),
        "health": Scene("/health/", _wait_for_endpoints),
        "sessions": Scene("/sessions/", _click("#filters summary")),
        "session": Scene(f"/sessions/one/?{_SETTLED}", _unfold),
        "session-busy": Scene("/sessions/one/?service=Claims&key=scenes"),
        "state-change": Scene(
            "/sessions/one/change/?service=Claims&key=scenes-settled&name=session_store::scenes-settled"
        ),
        "state-clear": Scene(f"/sessions/one/clear/?{_SETTLED}"),
        "value": Scene(f"/sessions/one/value/?{_SETTLED}&name=session_store::scenes-settled"),
        "playground": Scene("/playground/"),
        "call": Scene("/playground/call/?service=Claims&handler=ask"),
        "call-json": Scene("/playground/call/?service=Claims&handler=ask&raw=1", _click(".call-form .primary")),
        "talk": Scene("/playground/talk/"),
        "not-found": Scene("/requests/999999/"),
    }


def _deployments(house: House) -> dict[str, Scene]:
    """All about the code that there is: it holds what every new run goes to, so nothing of it can be removed."""
    deployment = next(found for found in list_deployments(house.admin) if "Claims" in found.services)
    return {
        "deployments": Scene("/deployments/"),
        "deployment": Scene(f"/deployments/{deployment.id}/"),
        "guide": Scene("/deployments/guide/"),
        "register": Scene("/deployments/register/"),
        "register-overwriting": Scene("/deployments/register/", _overwrite(deployment.uri)),
        "remove": Scene(f"/deployments/{deployment.id}/remove/"),
    }


def _overwrite(uri: str) -> Callable[[Page], object]:
    def steps(page: Page) -> None:
        page.get_by_label("Address of the endpoint").fill(uri)
        page.get_by_label("Force").check()
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_role("heading", name="What would happen")).to_be_visible()

    return steps


def _unannounced(house: House) -> tuple[str, int]:
    """Have two runs wait of which nobody told; return the one's awakeable, and the request that was made of the other.

    The agent is stopped then: what waits needs no process.
    """
    with plain_agent(house) as agent:
        asked = agent.ask("a city with a name that goes on and on and on")
        run_once(["manage.py", "shell", "-c", _RULE], house.env)
        found = int(house.request_of(asked)["id"])
        run_once(["manage.py", "shell", "-c", _NO_RULE], house.env)
        return awakeable_id(agent.ask("Vienna")), found


def _case(house: House) -> str:
    """Have a team work on a matter until two of it wait for people."""
    run = house.ask(DISPUTE, session="scenes-case", service="Dispute")
    sql = "SELECT 1 FROM approvals_approvalrequest WHERE case_run = %s"
    eventually(lambda: len(house.rows(sql, run)) == 2, what="what the team asks")
    return run


def _announced(house: House, title: str, **fields: Any) -> int:
    answer = put(house, announcement(title=title, arguments=_ARGUMENTS, reason="**It** is `needed`.", **fields))
    assert answer.status_code == 201, answer.text
    return int(answer.json()["request_id"])


def _for_several(house: House) -> int:
    """Ask for something that, by the database, several have to approve: the sample agents ask for one only."""
    request_id = int(house.request_of(house.ask(HOTEL, session="scenes-quorum"))["id"])
    house.rows("UPDATE approvals_approvalrequest SET quorum = 3 WHERE id = %s RETURNING id", request_id)
    return request_id


def _settled(house: House) -> int:
    """Have a request approved and carried out."""
    request_id = int(house.request_of(house.ask(HOTEL, session="scenes-settled"))["id"])
    with Person(house, "reviewer") as person:
        person.decide(request_id, "approve", note="The receipt is there.")
    house.wait_for_delivery(request_id, "done")
    return request_id


def _steered(house: House) -> str:
    """Have an operator do something, so that there is a record of it; return a run that was killed and restarted."""
    run = house.ask(HOTEL, session="scenes-steered")
    house.request_of(run)
    with Person(house, EVERYBODY) as person:
        person.send(f"/runs/{run}/pause/", {"reason": "A new rule comes into force tonight."})
        person.send(f"/runs/{run}/kill/", {"reason": "It asks for the wrong hotel.", "typed": "Claims"})
        person.send(f"/runs/{run}/restart/", {"reason": "It was the right one.", "typed": "Claims"})
    return run


def _prepare(house: House, quorum: int, snoozed: int) -> None:
    with Person(house, "second-reviewer") as person:
        person.decide(quorum, "comment", comment="Is this one for us?", addressee=EVERYBODY)
        person.decide(quorum, "approve", note="Fine by me.")
    with Person(house, EVERYBODY) as person:
        person.decide(snoozed, "snooze", until="morning")
        person.decide(snoozed, "claim")
        view = {"name": "What goes together", "query": "queue=mine&q=1,651", "team": ""}
        person.send("/views/", view)


def _click(selector: str) -> Callable[[Page], object]:
    return lambda page: page.locator(selector).first.click()


def _pick(page: Page) -> None:
    for place in (0, 1, -1):
        page.locator(".pick").nth(place).check()


def _pause_picked(page: Page) -> None:
    _pick(page)
    page.get_by_role("button", name="Pause…").click()


def _decide_picked(page: Page) -> None:
    _pick(page)
    page.get_by_role("button", name="Approve selected").click()
    expect(page.locator(".bulk-results").first).to_be_visible()


def _open_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("hotel")
    expect(page.locator("#palette-list a").first).to_be_visible()


def _open_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()


def _wait_for_endpoints(page: Page) -> None:
    # The agent that announces nothing is stopped, and runs need it.
    expect(page.locator("#part-endpoints[data-condition=unknown]")).to_be_visible()


def _settle_wrongly(page: Page) -> None:
    page.get_by_label("The JSON value below").check()
    page.get_by_label("Reason, for the record").fill("It has to be.")
    page.get_by_label("to confirm").fill("Desk")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Write a JSON value")).to_be_visible()


def _edit(page: Page) -> None:
    page.get_by_role("button", name="Add to items").click()
    page.locator("[name='edit-claim.items/1/what']").fill("breakfast")
    page.locator("[name='edit-claim.amount']").fill("-1")
    page.get_by_label("a project", exact=True).check()
    expect(page.locator("#changes")).to_contain_text("doesn't fit yet")


def _unfold(page: Page) -> None:
    page.evaluate("for (const fold of document.querySelectorAll('main details')) fold.open = true")
