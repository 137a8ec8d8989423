"""`requires_approval`: the gate in front of a tool, in code and not in the model's goodwill."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from agents.approval.escalation import Escalation
from agents.approval.files import Attached
from agents.approval.gated_tool import GATED, GatedTool
from agents.approval.policy import Policy
from agents.approval.retry import Retry
from agents.approval.wrapping import tool_of, wrapped
from restate_bridge.contract import Risk


def requires_approval[**P](
    *,
    title: str,
    risk: Risk | str | Callable[..., Risk | str] = Risk.MEDIUM,
    groups: Sequence[str] | Callable[..., Sequence[str]] = (),
    quorum: int | Callable[..., int] = 1,
    deadline: timedelta | Callable[..., timedelta | None] | None = None,
    escalations: Sequence[Escalation] | Callable[..., Sequence[Escalation]] = (),
    editable: Sequence[str] = (),
    reject_reasons: Sequence[str] = (),
    files: Sequence[str] | Callable[..., Sequence[Attached]] = (),
    when: Callable[..., bool] | None = None,
    retry: Retry | None = None,
    as_step: bool = True,
    undo: Callable[..., Any] | None = None,
    or_undo: bool = False,
) -> Callable[[Callable[P, Any]], Callable[P, Awaitable[Any]]]:
    """Put a tool behind a person's approval.

    ``risk``, ``groups``, ``quorum``, ``deadline``, ``escalations``, ``files`` and ``when`` may be functions of the
    tool's typed arguments; each takes those that it names, as in ``when=lambda claim: claim.amount > 1000``. They are
    called again on a replay, so they may depend on these arguments and on nothing else.

    Args:
        title: one line, what will happen; a format string over the arguments.
        risk: ``low``, ``medium`` or ``high``.
        groups: who may see the request and decide; empty means the inbox's default group.
        quorum: how many different people must approve, 1 to 20.
        deadline: after how long without a decision it expires; None waits for ever.
        escalations: whom to remind, and who may decide besides, when nobody has decided for a while; at most 10, each
            later than the one before, all before the deadline.
        editable: dotted paths into the arguments that a reviewer may change.
        reject_reasons: why this tool is usually rejected, for the reviewer to choose from; at most 10.
        files: what goes along for people to look at, at most 10: names of the session's ADK artifacts,
            or `File` objects.
        when: whether this call has to be asked for; None asks for every call.
        retry: how a tool that raises is tried again before it counts as failed; None means `Retry()`.
        as_step: whether the body runs as one durable step. With False it is called as it is, and makes its own steps.
        undo: takes the tool's effect back when a later request is not approved; see `durable_tool`.
        or_undo: whether what the turn has done before is undone, the latest first, unless this is approved and carried
            out. The model is told what was undone.

    Raises:
        NotGateable: at import, when the function or one of these can't work as written.

    Returns:
        A decorator. The function keeps its name, docstring and schema. Not gated (``when``), it returns its own result;
        gated, a dict whose ``status`` is ``approved``, ``approved_with_changes``, ``rejected``, ``expired`` or
        ``failed``.
    """
    policy = Policy(
        title=title,
        risk=risk,
        groups=groups,
        quorum=quorum,
        deadline=deadline,
        escalations=escalations,
        editable=tuple(editable),
        reject_reasons=reject_reasons,
        files=files,
        when=when,
        or_undo=or_undo,
    )

    def decorate(function: Callable[P, Any]) -> Callable[P, Awaitable[Any]]:
        tool = tool_of(function, retry=retry or Retry(), as_step=as_step, undo=undo)
        policy.check(tool.name, tool.arguments)
        gated = GatedTool(tool, policy)
        stand_in = wrapped(function, tool, gated.called)
        setattr(stand_in, GATED, gated)
        return stand_in

    return decorate
