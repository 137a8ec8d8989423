"""A timeline together with what its steps hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from approvals.models import Decision
from approvals.people import display_name
from operations.presentation.payloads import Contents, contents_of
from operations.presentation.step_kinds import StepKind
from operations.presentation.timeline import Step
from operations.selectors.payloads import Payloads, decisions_on_record
from restate_bridge.contract import DecisionClaims

# What becomes part of a model's next prompt.
_TELL: Final = frozenset({StepKind.INPUT, StepKind.STEP, StepKind.CALL, StepKind.WAIT})
# Who decides when a deadline has passed, as the courier signs it.
_DEADLINE: Final = "Countersign"


@dataclass(frozen=True, slots=True)
class OpenedStep:
    """A step with what it holds.

    Attributes:
        told: of a model call, the steps since the one before. The journal keeps no prompt: what is new in it is what
            these hold.
    """

    step: Step
    contents: Contents
    told: Sequence[Step] = ()


def opened_steps(steps: Sequence[Step], payloads: Payloads) -> list[OpenedStep]:
    """Return each step with what it holds."""
    contents = [contents_of(step, payloads) for step in steps]
    settled = [step.awakeable_id for step, found in zip(steps, contents, strict=True) if found.decision]
    made = decisions_on_record(settled)
    return [
        OpenedStep(step, _checked(found, made.get(step.awakeable_id)), told)
        for step, found, told in zip(steps, contents, _told(steps), strict=True)
    ]


def _checked(contents: Contents, made: Decision | None) -> Contents:
    """Return the contents with who really decided, if what reached the awakeable is what the inbox has decided on it.

    Whoever reaches Restate's ingress can send a token with any decision's id, and nobody has checked its signature.
    """
    claims = contents.decision
    if claims is None or made is None or not _is_the_same(claims, made):
        return contents
    # A person may be called otherwise by now than when the decision was sent.
    decided_by = display_name(made.reviewer) if made.reviewer else _DEADLINE
    return replace(contents, decision=claims.model_copy(update={"decided_by": decided_by}), is_on_record=True)


def _is_the_same(claims: DecisionClaims, made: Decision) -> bool:
    said = (claims.decision_id, claims.announcement_id, claims.outcome, claims.digest, claims.decided_at)
    recorded = (str(made.signed_id), made.request.announcement_id, made.outcome, made.request.digest, made.decided_at)
    words = (claims.note, claims.answer or "", claims.arguments)
    return said == recorded and words == (made.note, made.answer, made.arguments)


def _told(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    since: list[Step] = []
    for step in steps:
        yield tuple(since) if step.kind is StepKind.MODEL else ()
        if step.kind is StepKind.MODEL:
            since = []
        elif step.kind in _TELL and step.state in ("done", "failed"):
            since.append(step)
