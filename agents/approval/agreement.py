"""`request_agreement`: one call of a gated tool, put to several teams, each with a request of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

import restate

from agents.approval import outcomes
from agents.approval.callers import Caller
from agents.approval.calls import Call, GatedCall, call_of
from agents.approval.dry_run import is_dry_run
from agents.approval.durable import is_cancel, restate_context
from agents.approval.errors import RequestRefused
from agents.approval.gated_tool import GatedTool
from agents.approval.outcomes import Told
from agents.approval.protocol import Settled
from agents.approval.results import Result
from agents.approval.several import Several
from agents.approval.telling import CANCELLED, PATIENCE_AFTER_CANCEL
from agents.approval.together import shared_by
from restate_bridge.contract import Outcome, Withdrawal


class Needs(StrEnum):
    """Whose word counts: the first team's that approves or rejects, or every team's approval."""

    FIRST = "first"
    ALL = "all"


async def request_agreement(
    caller: Caller, call: GatedCall, *, teams: Sequence[str], needs: Needs | str = Needs.ALL
) -> Result:
    """Ask several teams for leave for one call of a gated tool; it is carried out once, or not at all.

    Each team has a request of its own, whatever groups the tool names, and its own quorum. What needs no answer any
    more is withdrawn, with the reason. Where all must agree nobody can edit: the others approved something else.

    Args:
        caller: who asks: the tool's context, or what `in_handler` returns. It must not be a durable step itself.
        call: such as ``partial(change_account, change=change)``.
        teams: 2 to 20 names of groups, all different.
        needs: ``first``, the first approval or rejection wins; or ``all``, one rejection or expiry is enough to refuse.

    Returns:
        What came of it, told apart by its ``status``, and ``teams``: what each team that was heard said, and who.

    Raises:
        NoRestateContext: it was called outside a Restate handler.
        RequestRefused: the call is none of a gated tool, or teams or ``needs`` are not as above.
        TerminalError: the run was cancelled, and what still waited is withdrawn; or it was called inside a durable
            step.
    """
    ctx = restate_context("request_agreement")
    wanted = call_of(ctx, call, caller)
    if isinstance(wanted, str):
        return cast("Result", outcomes.failed(wanted) | {"teams": {}})
    _check(teams, needs)
    if is_dry_run():
        rehearsed = await wanted.gated.rehearsed(ctx, wanted.typed, wanted.plain, asks=True)
        return cast("Result", rehearsed | {"teams": {}})
    question = _Agreement(ctx, caller, wanted, Needs(needs), teams)
    return cast("Result", await question.found())


def _check(teams: Sequence[str], needs: Needs | str) -> None:
    if isinstance(teams, str) or not 2 <= len(set(teams)) == len(teams) <= 20:
        raise RequestRefused(f"teams: give 2 to 20 names of groups that differ, not {teams!r}", status_code=422)
    if needs not in list(Needs):
        raise RequestRefused(f"needs: {needs!r} is none of {', '.join(Needs)}", status_code=422)


@dataclass
class _Agreement:
    """One question to several teams.

    Attributes:
        heard: the decisions, by team, in the order in which they came.
    """

    ctx: restate.Context
    caller: Caller
    call: Call
    needs: Needs
    teams: Sequence[str]
    heard: dict[str, Settled] = field(default_factory=dict)

    async def found(self) -> Told:
        """Ask, wait until it is clear what holds, and do it."""
        try:
            refused = await self._heard_out()
        except restate.TerminalError as error:
            if is_cancel(error):
                report_to = [*self.heard.values()]
                await self.call.gated.tell(self.ctx, report_to, CANCELLED, at_most=PATIENCE_AFTER_CANCEL)
            raise
        if refused and (self.needs is Needs.ALL or not self.heard):
            told = await self.call.gated.refused(self.ctx, refused)
            await self.call.gated.tell(self.ctx, [*self.heard.values()], outcomes.failure(refused.message))
            return told | self._teams()
        # The last word decides: the one refusal, the one that was first, or the approval that made them all.
        told = await self.call.gated.finished(self.ctx, self.call.caller, [*self.heard.values()], self.call.plain)
        return told | self._teams()

    def _teams(self) -> Told:
        # In the order in which they were asked: two that answer at the same moment are told in the same way each time.
        return {"teams": {team: _said(self.heard[team]) for team in self.teams if team in self.heard}}

    async def _heard_out(self) -> RequestRefused | None:
        """Ask and wait; return why a team could not be asked, if one could not."""
        refused: RequestRefused | None = None
        shared = shared_by(self.ctx, [self.call])
        async with Several(self.ctx) as several:
            for number, team in enumerate(self.teams):
                gated = self._put_to(team)
                try:
                    asking = gated.asking(self.ctx, self.caller, self.call.typed, self.call.plain, shared)
                    await several.ask(number, asking)
                except RequestRefused as error:
                    refused = error
            while several.is_open and not (refused and self.needs is Needs.ALL):
                number, outcome = await several.next()
                if isinstance(outcome, RequestRefused):
                    refused = outcome
                    continue
                self.heard[self.teams[number]] = outcome
                if self._is_clear(outcome):
                    break
            await several.withdraw(self._why_no_more())
        return refused

    def _put_to(self, team: str) -> GatedTool:
        gated = self.call.gated
        editable = () if self.needs is Needs.ALL else gated.policy.editable
        return replace(gated, policy=replace(gated.policy, groups=(team,), editable=editable))

    def _is_clear(self, settled: Settled) -> bool:
        outcome = settled.claims.outcome
        if self.needs is Needs.ALL:
            return outcome is not Outcome.APPROVED
        return outcome is not Outcome.EXPIRED

    def _why_no_more(self) -> Withdrawal:
        if not self.heard:
            return Withdrawal(reason="Another team could not be asked.")
        team, settled = [*self.heard.items()][-1]
        said = "let it expire" if settled.claims.outcome is Outcome.EXPIRED else f"has {settled.claims.outcome} it"
        return Withdrawal(reason=f"Another team, {team}, {said}.")


def _said(settled: Settled) -> dict[str, str]:
    by = {"decided_by": settled.claims.decided_by} if settled.claims.decided_by else {}
    return {"status": settled.claims.outcome, **by}
