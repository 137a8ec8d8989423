"""Everybody who can do something to a request, and all that they can do, in whatever order."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.utils import timezone

from approvals.batch import answers_to
from approvals.courier.letters import letter_for
from approvals.errors import ContentConflict, NothingToAcknowledge
from approvals.models import AgentService, ApprovalRequest, Decision
from approvals.selectors.decisions import decisions_of, proposal_for
from approvals.services.acknowledge import acknowledge_decision
from approvals.services.announce import announce_request
from approvals.services.decide import answer_request, approve_request, reject_request
from approvals.services.decide_many import Shown, decide_plain
from approvals.services.decide_many import Verdict as Word
from approvals.services.parcel import Parcel
from approvals.services.report import record_invalid_answer, report_result, withdraw_request
from approvals.services.restarts import link_restart, rebind_request
from approvals.services.travelling import claim_due_deliveries, note_sent, note_sent_together
from restate_bridge.contract import (
    AcknowledgeCall,
    Acknowledgement,
    AnnounceCall,
    Announcement,
    Answer,
    BatchCall,
    InvalidAnswer,
    Kind,
    Outcome,
    Rebinding,
    Report,
    ReportCall,
    Verdict,
)
from restate_bridge.ids import awakeable_id, signal_index
from tests.announcing import announcement, invocation_id, question
from tests.approvals.protocol.racing import PATIENCE
from tests.approvals.protocol.verdicts import Go

DAY: Final = timedelta(days=1)
#: Asks another group on the way to the deadline.
STAGES: Final = [{"after_seconds": 3_600}, {"after_seconds": 86_400, "groups": ["legal"]}]
NOBODYS: Final = awakeable_id(invocation_id())
UNDO_WINDOW: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Asked:
    """A request that an agent made, and how; `announcement_id` is another one than `awakeable_id` after a restart."""

    pk: int
    awakeable_id: str
    announcement_id: str
    wanted: Announcement

    @property
    def run(self) -> str:
        """The run that asked."""
        return self.wanted.run.invocation_id


@dataclass
class World:
    """The cast, and what the outside world remembers: verdicts, parcels, and what stands in the runs' journals."""

    service: AgentService
    people: Mapping[str, User]
    told: list[Go] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    # What comes in the same batch.
    beside: ReportCall = field(default_factory=lambda: ReportCall(awakeable_id=NOBODYS, body=Report(state="done")))
    # An agent's call comes by itself or as one of many: every other one of them.
    in_a_batch: Iterator[bool] = field(default_factory=lambda: cycle((False, True)))

    def announce(self, kind: Kind = Kind.APPROVAL, quorum: int = 1) -> Asked:
        """A run announces that it waits, with stages and a deadline; a question needs one answer."""
        times: dict[str, Any] = {"deadline_seconds": 2 * 86_400, "escalations": STAGES}
        return self.put(question(**times) if kind is Kind.QUESTION else announcement(quorum=quorum, **times))

    def put(self, wanted: Announcement, awakeable: str = "") -> Asked:
        """An announcement arrives, perhaps not for the first time."""
        awakeable = awakeable or awakeable_id(wanted.run.invocation_id)
        if next(self.in_a_batch):
            self._answer(AnnounceCall(awakeable_id=awakeable, body=wanted))
        else:
            announce_request(agent_service=self.service, awakeable_id=awakeable, announcement=wanted)
        request = ApprovalRequest.objects.get(awakeable_id=awakeable)
        return Asked(request.pk, awakeable, awakeable, wanted)

    def note_garbage(self, asked: Asked) -> None:
        """Something that is no decision arrived at the agent."""
        garbage = InvalidAnswer(code="malformed")
        record_invalid_answer(agent_service=self.service, awakeable_id=asked.awakeable_id, invalid_answer=garbage)

    def ask_again(self, asked: Asked) -> Asked:
        """The same run asks on its next awakeable."""
        fresh = awakeable_id(asked.run, signal_index(asked.awakeable_id) + 1)
        return self.put(asked.wanted.model_copy(update={"supersedes": asked.awakeable_id}), fresh)

    def approve(
        self, asked: Asked, person: str, *, amount: int | None = None, fresh: bool = True, undo: bool = False
    ) -> Decision:
        """Somebody approves on the page as it is, or on one from before it changed."""
        page = self._page(asked, person, undo=undo, fresh=fresh)
        if not amount and (decision := self._decided_with_others(Outcome.APPROVED, page)):
            return decision
        return approve_request(**page, edits={"claim.amount": amount} if amount else None)

    def reject(self, asked: Asked, person: str, *, undo: bool = False) -> Decision:
        """Somebody rejects."""
        page = self._page(asked, person, undo=undo)
        return self._decided_with_others(Outcome.REJECTED, page) or reject_request(**page, note="no")

    def answer(self, asked: Asked, person: str, *, undo: bool = False) -> Decision:
        """Somebody answers."""
        return answer_request(**self._page(asked, person, undo=undo), answer="Hanil")

    def _decided_with_others(self, outcome: Word, page: Mapping[str, Any]) -> Decision | None:
        """Somebody picked it from the list with others: every other time. None when it needs more than that."""
        request_id, reviewer = page["request_id"], page["reviewer"]
        if not next(self.in_a_batch):
            return None
        decided = decide_plain(
            reviewer=reviewer,
            shown={request_id: Shown(page["seen"], None)},
            outcome=outcome,
            note="no",
            undo_window=page["undo_window"],
        )
        return Decision.objects.get(request=request_id, settles=True, taken_back_at=None) if decided else None

    def _page(self, asked: Asked, person: str, *, undo: bool, fresh: bool = True) -> dict[str, Any]:
        request = ApprovalRequest.objects.get(pk=asked.pk)
        return {
            "request_id": asked.pk,
            "reviewer": self.people[person],
            "seen": proposal_for(request, decisions_of(request)).digest if fresh else request.digest,
            "undo_window": UNDO_WINDOW if undo else timedelta(),
        }

    def acknowledge(self, asked: Asked, decision_id: str) -> bool:
        """An agent asks whether a decision stands, and remembers a yes."""
        awakeable, said = asked.awakeable_id, Acknowledgement(decision_id=decision_id)
        if next(self.in_a_batch):
            verdict = Verdict.model_validate(self._answer(AcknowledgeCall(awakeable_id=awakeable, body=said)))
        else:
            verdict = acknowledge_decision(agent_service=self.service, awakeable_id=awakeable, acknowledgement=said)
        if verdict.go:
            self.told.append(Go(asked.pk, decision_id))
        return verdict.go

    def report(self, asked: Asked, state: Literal["done", "failed"]) -> None:
        """An agent reports what came of a decision."""
        awakeable, told = asked.awakeable_id, Report(state=state)
        if next(self.in_a_batch):
            self._answer(ReportCall(awakeable_id=awakeable, body=told))
        else:
            report_result(agent_service=self.service, awakeable_id=awakeable, report=told)

    def _answer(self, call: BatchCall) -> Any:
        """Have a call carried out as one of two, and raise what it would have raised by itself."""
        answer, beside = self._answers([call, self.beside])
        assert beside.status == 404, "nobody announced that one"
        if answer.status == 404:
            raise ApprovalRequest.DoesNotExist(str(answer.body))
        if answer.status == 409:
            kind = NothingToAcknowledge if isinstance(call, ReportCall) else ContentConflict
            raise kind(str(answer.body))
        assert answer.status < 400, answer
        return answer.body

    def _answers(self, calls: Sequence[BatchCall]) -> list[Answer]:
        """Send calls together, and what has to wait again, as agents do."""
        until = time.monotonic() + PATIENCE
        answers: dict[int, Answer] = {}
        while left := [number for number in range(len(calls)) if number not in answers]:
            tried = answers_to(self.service, [calls[number] for number in left])
            answers |= {number: one for number, one in zip(left, tried, strict=True) if one.status != 503}
            assert answers.keys() >= {*left} or time.monotonic() < until, tried
        return [answers[number] for number in range(len(calls))]

    def withdraw(self, asked: Asked) -> None:
        """A run is cancelled."""
        withdraw_request(agent_service=self.service, awakeable_id=asked.awakeable_id, reason="cancelled")

    def claim(self, now: datetime) -> list[Parcel]:
        """A courier takes up what is due."""
        parcels = claim_due_deliveries(now=now, at_most=2)
        self.parcels += parcels
        return parcels

    def send(self, parcels: Sequence[Parcel]) -> None:
        """The courier sends parcels; the first answer that reaches an awakeable stays in the journal."""
        for parcel in parcels:
            self.answers.setdefault(parcel.awakeable_id, letter_for(parcel, self.key).token)
        sent = {parcel.delivery_id: timezone.now() for parcel in parcels}
        soon = timedelta(seconds=5)
        noted = note_sent_together(sent=sent, check_after=soon) if next(self.in_a_batch) else set()
        for delivery_id in sent.keys() - noted:
            note_sent(delivery_id=delivery_id, at=sent[delivery_id], check_after=soon)

    def restart_behind_the_announcement(self, asked: Asked, steps: frozenset[str], *, answered: bool) -> Asked:
        """A run is restarted and holds the old receipt, with or without the answer that had arrived."""
        run = asked.wanted.run.model_copy(update={"invocation_id": invocation_id()})
        awakeable = awakeable_id(run.invocation_id, signal_index(asked.awakeable_id))
        answer = self.answers.get(asked.awakeable_id) if answered else None
        request = rebind_request(
            agent_service=self.service,
            announcement_id=asked.announcement_id,
            rebinding=Rebinding(awakeable_id=awakeable, run=run),
            ancestors={asked.run: answer is not None},
            answer=answer,
            steps=steps,
        )
        if answer:
            self.answers[awakeable] = answer
        return Asked(request.pk, awakeable, asked.announcement_id, asked.wanted.model_copy(update={"run": run}))

    def restart_before_the_announcement(self, asked: Asked) -> Asked:
        """A run is restarted and announces as if it were the first time."""
        run = asked.wanted.run.model_copy(update={"invocation_id": invocation_id()})
        return self.put(asked.wanted.model_copy(update={"run": run, "supersedes": None}))

    def find_out(self, again: Asked, asked: Asked) -> None:
        """The courier sees in the engine which run was restarted."""
        link_restart(request_id=again.pk, parent_invocation_id=asked.run)
