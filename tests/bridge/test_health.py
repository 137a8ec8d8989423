"""Whether the engine is there: what is asked to find out."""

from typing import Any

from embedded.ports import free_ports
from restate_bridge.admin import Admin
from restate_bridge.health import ADMIN_API, Health
from tests.engine.engine import Engine


class Listening(Admin):
    """An admin API, and what it was asked."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[str] = []

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Note the question, and ask it."""
        self.asked.append(sql)
        return super().query(sql)


def test_what_is_asked_of_the_partitions_is_not_answered_before_all_have_answered(engine: Engine) -> None:
    admin = Listening(engine.server.admin_url)
    assert Health(engine.server.ingress_url, admin).problem() == ""
    [question] = admin.asked
    plan = "\n".join(row["plan"] for row in engine.admin.query(f"EXPLAIN {question}"))
    assert "RemotePartitionsScanner" in plan
    for end in ("limit", "fetch"):
        assert end not in plan.lower()


def test_what_is_away_is_named(engine: Engine) -> None:
    nowhere = f"http://127.0.0.1:{free_ports(1)[0]}"
    assert Health(nowhere, engine.admin).problem().startswith("The ingress: Restate can't be reached")
    assert Health(engine.server.ingress_url, Admin(nowhere)).problem().startswith(f"{ADMIN_API}: Restate can't")
