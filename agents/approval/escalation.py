"""Stages on the way to a deadline: who is reminded, and who may decide besides, when nobody has decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import ValidationError

from restate_bridge.contract import Escalation as Stage

_AT_MOST: Final = 10


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """What happens when nobody has decided for a while.

    Attributes:
        after: how long after the request was made; whole seconds, at least one.
        groups: who may decide from then on, besides those who may already.
        remind: groups whose members are reminded; empty reminds everybody who may decide.
    """

    after: timedelta
    groups: Sequence[str] = ()
    remind: Sequence[str] = ()


def stages(escalations: Any, deadline: timedelta | None) -> list[Stage]:
    """Return escalations as they are announced.

    Raises:
        ValueError: one is none or holds what the inbox doesn't take, they don't come one after the other, or the last
            doesn't come before the deadline.
    """
    if isinstance(escalations, Escalation) or not isinstance(escalations, Iterable):
        raise ValueError(f"escalations: give a tuple, such as ({escalations!r},)")
    found = [_stage(number, escalation) for number, escalation in enumerate(escalations, 1)]
    if len(found) > _AT_MOST:
        raise ValueError(f"escalations: {len(found)} stages, at most {_AT_MOST} are taken")
    times = [stage.after_seconds for stage in found]
    if times != sorted(set(times)):
        raise ValueError("escalations: each has to come later than the one before")
    if times and deadline is not None and times[-1] >= int(deadline.total_seconds()):
        raise ValueError("escalations: the last one has to come before the deadline")
    return found


def _stage(number: int, escalation: Any) -> Stage:
    if not isinstance(escalation, Escalation) or not isinstance(escalation.after, timedelta):
        raise ValueError(f"escalations: {escalation!r} is no Escalation(after=timedelta(…))")
    for name in ("groups", "remind"):
        if isinstance(value := getattr(escalation, name), str):
            raise ValueError(f"escalations: {name}: give a tuple of names, such as ({value!r},)")
    try:
        return Stage(
            after_seconds=int(escalation.after.total_seconds()),
            groups=list(escalation.groups),
            remind=list(escalation.remind),
        )
    except ValidationError as error:
        [wrong, *_] = error.errors()
        field = "after" if wrong["loc"][0] == "after_seconds" else ".".join(map(str, wrong["loc"]))
        raise ValueError(f"escalations: stage {number}: {field}: {wrong['msg']}") from error
