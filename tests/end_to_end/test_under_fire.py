"""What the protocol promises when answers are false and runs are steered, with every part real.

Each case runs twice: with agents that hold their connection for a while, and with agents that suspend at every wait
and replay all that came before.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from restate_bridge.contract import DecisionClaims, Outcome, load_signing_key, sign_decision
from restate_bridge.ingress import Ingress
from restate_bridge.introspection import read_journal
from tests.house.house import House, eventually
from tests.house.people import Person

TRAIN = "Please reimburse 1,450 EUR for the train to Vienna."


class Scene:
    """A house, its reviewer, and one run that waits for an approval."""

    def __init__(self, house: House, person: Person) -> None:
        self.house, self.person = house, person
        self.session = f"fire-{uuid4().hex[:8]}"
        self.run = house.ask(TRAIN, session=self.session)
        self.request = house.request_of(self.run)

    @property
    def ingress(self) -> Ingress:
        """Restate's ingress, which has no authentication: whoever reaches it can answer."""
        return Ingress(self.house.env["RESTATE_INGRESS_URL"])

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The inbox's own."""
        return load_signing_key(Path(self.house.env["COUNTERSIGN_SIGNING_KEY_FILE"]).read_bytes())

    def signed(self, key: Ed25519PrivateKey, **changed: Any) -> str:
        """Return a decision on the request that nobody made."""
        claims = {
            "decision_id": str(uuid4()),
            "announcement_id": self.request["awakeable_id"],
            "outcome": Outcome.APPROVED,
            "decided_by": "Mallory",
            "decided_at": datetime.now(UTC),
            "digest": self.request["digest"],
            "arguments": self.request["arguments"],
        }
        return sign_decision(DecisionClaims.model_validate(claims | changed), key)

    def events(self, code: str, request_id: int | None = None) -> list[dict[str, Any]]:
        sql = "SELECT * FROM approvals_auditevent WHERE request_id = %s AND code = %s ORDER BY id"
        return self.house.rows(sql, request_id or self.request["id"], code)

    def approve(self, request_id: int | None = None) -> None:
        assert self.person.decide(request_id or self.request["id"], "approve").status_code == 200

    def steer(self, verb: str) -> None:
        """Cancel, kill, pause or resume the run."""
        url = f"{self.house.env['RESTATE_ADMIN_URL']}/invocations/{self.run}/{verb}"
        httpx.patch(url, trust_env=False).raise_for_status()

    def row(self) -> dict[str, Any]:
        return self.house.rows("SELECT * FROM approvals_approvalrequest WHERE id = %s", self.request["id"])[0]

    def paid(self) -> list[float]:
        return [payment["claim"]["amount"] for payment in self.house.payments(self.session)]

    def ends(self) -> None:
        eventually(lambda: self.house.run_status(self.run) == "completed")


@pytest.fixture(params=["holding", "suspending"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    house = request.getfixturevalue("house" if request.param == "holding" else "suspending_house")
    with Person(house, "reviewer") as person:
        yield Scene(house, person)


def garbage(scene: Scene) -> str:
    return "true"


def wrong_key(scene: Scene) -> str:
    return scene.signed(Ed25519PrivateKey.generate())


def another_requests_token(scene: Scene) -> str:
    other = Scene(scene.house, scene.person)
    other.approve()
    other.ends()
    [answer] = [entry for entry in read_journal(other.house.admin, other.run) if entry.kind == "Notification: Signal"]
    return str(json.loads(bytes(answer.body["result"]["Success"])))


def other_arguments(scene: Scene) -> str:
    return scene.signed(scene.signing_key, digest=f"sha256:{'0' * 64}")


def a_decision_that_nobody_made(scene: Scene) -> str:
    return scene.signed(scene.signing_key)


FALSE: dict[Callable[[Scene], str], str] = {
    garbage: "malformed",
    wrong_key: "unknown_key",
    another_requests_token: "other_request",
    other_arguments: "digest_mismatch",
    a_decision_that_nobody_made: "not_standing",
}


@pytest.mark.parametrize("make", FALSE, ids=lambda make: make.__name__)
def test_a_false_answer_neither_passes_nor_kills_the_run(scene: Scene, make: Callable[[Scene], str]) -> None:
    scene.ingress.resolve_awakeable(scene.request["awakeable_id"], make(scene))
    again = _asked_again(scene)
    assert [event["data"]["problem"] for event in scene.events("decision.invalid")] == [FALSE[make]]
    assert (scene.row()["status"], scene.row()["superseded_by_id"]) == ("withdrawn", again["id"])
    assert not scene.paid()
    scene.approve(again["id"])
    scene.ends()
    assert scene.paid() == [1450]


def test_a_body_that_is_not_json_does_no_harm(scene: Scene) -> None:
    url = f"{scene.house.env['RESTATE_INGRESS_URL']}/restate/awakeables/{scene.request['awakeable_id']}/resolve"
    httpx.post(url, content=b"\xff{not json", headers={"content-type": "application/json"}, trust_env=False)
    again = _asked_again(scene)
    scene.approve(again["id"])
    scene.ends()
    assert scene.paid() == [1450]


def test_a_decision_that_was_used_does_not_count_again_after_a_restart(scene: Scene) -> None:
    scene.approve()
    scene.ends()
    journal = read_journal(scene.house.admin, scene.run)
    [answer] = [entry for entry in journal if entry.kind == "Notification: Signal"]
    url = f"{scene.house.env['RESTATE_ADMIN_URL']}/invocations/{scene.run}/restart-as-new?from={answer.index - 1}"
    restarted = httpx.patch(url, trust_env=False).json()["new_invocation_id"]
    asked = scene.house.request_of(restarted)
    scene.ingress.resolve_awakeable(asked["awakeable_id"], json.loads(bytes(answer.body["result"]["Success"])))
    again = _asked_again(scene, asked)
    assert [e["data"]["problem"] for e in scene.events("decision.invalid", asked["id"])] == ["not_standing"]
    scene.approve(again["id"])
    eventually(lambda: scene.house.run_status(restarted) == "completed")


def test_a_cancelled_run_withdraws_its_request_at_once(scene: Scene) -> None:
    scene.steer("cancel")
    eventually(lambda: scene.row()["status"] == "withdrawn", within=5)
    [event] = scene.events("request.withdrawn")
    assert "cancelled" in event["data"]["reason"]
    scene.ends()


def test_a_paused_run_keeps_its_decision_until_it_is_resumed(scene: Scene) -> None:
    eventually(lambda: scene.house.run_status(scene.run) == "suspended")
    scene.steer("pause")
    eventually(lambda: scene.house.run_status(scene.run) == "paused")
    scene.approve()
    scene.house.wait_for_delivery(scene.request["id"], "kept")
    assert not scene.paid()
    scene.steer("resume")
    scene.house.wait_for_delivery(scene.request["id"], "done")
    assert scene.paid() == [1450]


def test_a_deadline_that_passes_is_told_to_the_agent_and_the_turn_goes_on(scene: Scene) -> None:
    past = "UPDATE approvals_approvalrequest SET deadline_at = now() - interval '1 second' WHERE id = %s RETURNING id"
    scene.house.rows(past, scene.request["id"])
    scene.house.rows("SELECT pg_notify('countersign_clock', '')")
    scene.house.wait_for_delivery(scene.request["id"], "done")
    assert scene.row()["status"] == "expired"
    scene.ends()
    assert not scene.paid()


def _asked_again(scene: Scene, than: dict[str, Any] | None = None) -> dict[str, Any]:
    """Wait for the request that follows within the same run."""
    than = than or scene.request
    sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = %s AND id > %s AND status = 'pending'"
    found = eventually(lambda: scene.house.rows(sql, than["invocation_id"], than["id"]), what="the agent to ask again")
    return found[0]
