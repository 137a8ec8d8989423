"""A reviewer who decides all that is asked."""

from typing import Any, Final

from tests.house.house import House, eventually
from tests.house.people import Person

_TOGETHER: Final = 120.0  # seconds


class Desk:
    """A reviewer who decides whatever a set of runs asks, until all of them have ended."""

    def __init__(self, house: House, reviewer: Person) -> None:
        self.house, self.reviewer = house, reviewer

    def work_off(self, runs: list[str]) -> None:
        """Decide until every run has ended; at no time does one have two live requests."""

        def all_ended() -> bool:
            waiting = self._pending(runs)
            asking = [request["invocation_id"] for request in waiting]
            assert len(asking) == len(set(asking)), f"two live requests: {waiting}"
            for request in waiting:
                self._decide(request)
            return not waiting and all(self.house.run_status(run) == "completed" for run in runs)

        eventually(all_ended, within=_TOGETHER, what="every run to end")

    def _pending(self, runs: list[str]) -> list[dict[str, Any]]:
        sql = "SELECT * FROM approvals_approvalrequest WHERE invocation_id = ANY(%s) AND status = 'pending' ORDER BY id"
        return self.house.rows(sql, runs)

    def _decide(self, request: dict[str, Any]) -> None:
        question = request["kind"] == "question"
        fields = {"answer": "Pay it anyway"} if question else {}
        answer = self.reviewer.decide(request["id"], "answer" if question else "approve", **fields)
        assert answer.status_code == 200, answer.text
