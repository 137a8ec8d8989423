"""The README's own tool, on the real engine: asked for above 50, run with what the reviewer made of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from embedded.ports import free_ports
from embedded.restate import EmbeddedRestate
from restate_bridge.contract import Outcome
from tests.agents.engine.house import Agents, House
from tests.agents.stand_in_inbox import TOKEN, StandInInbox


@pytest.fixture(scope="module")
def readme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Restate, the README's agent, and a stand-in for the inbox."""
    folder: Path = tmp_path_factory.mktemp("readme")
    ingress, admin, node, agents_port, inbox_port = free_ports(5)
    inbox = StandInInbox(inbox_port)
    keys = folder / "verify.pem"
    keys.write_bytes(inbox.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    environment = os.environ | {
        "AGENTS_BIND": f"127.0.0.1:{agents_port}",
        "COUNTERSIGN_URL": inbox.url,
        "COUNTERSIGN_AGENT_TOKEN": TOKEN,
        "COUNTERSIGN_VERIFY_KEYS_FILE": str(keys),
    }
    agents = Agents(environment, agents_port, folder / "agents.log", "tests.docs.readme_agent")
    with EmbeddedRestate(folder / "restate", ingress, admin, node) as restate:
        try:
            agents.start()
            agents.register(restate.admin_url)
            yield House(restate.ingress_url, restate.admin_url, agents, inbox, folder / "ledger.jsonl")
        finally:
            agents.stop()
            inbox.close()


def test_a_small_refund_needs_nobody(readme: House) -> None:
    assert "'refunded': 20.0" in readme.ask("Please refund 20", service="Refunds").answer()


def test_a_large_refund_waits_and_runs_with_the_edited_amount(readme: House) -> None:
    turn = readme.ask("Please refund 120", service="Refunds")
    awakeable_id, held = readme.inbox.wait_for_request(turn.session)
    assert held.announcement.title == "Refund 120.00 EUR for A-1007"
    readme.decide(awakeable_id, Outcome.APPROVED, arguments={"order": "A-1007", "amount": 80.0})
    answer = turn.answer()
    assert "approved_with_changes" in answer
    assert "'refunded': 80.0" in answer
