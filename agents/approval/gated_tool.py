"""A gated tool at work: ask, run with the final arguments, report, tell the model."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import restate
from pydantic import JsonValue, ValidationError

from agents.approval import outcomes
from agents.approval.asking import Asking
from agents.approval.callers import Caller, fields_of, run_reference
from agents.approval.dry_run import is_dry_run, rehearse
from agents.approval.durable import is_cancel
from agents.approval.errors import RequestRefused
from agents.approval.escalation import stages
from agents.approval.files import sending
from agents.approval.outcomes import Told
from agents.approval.paths import changes, outside
from agents.approval.policy import Policy, value_of
from agents.approval.protocol import Settled, settle
from agents.approval.telling import CANCELLED, PATIENCE_AFTER_CANCEL, tell
from agents.approval.tool import Tool
from agents.approval.undoing import Undone, keep_effects, undo_effects
from restate_bridge.contract import (
    Announcement,
    DecisionClaims,
    Kind,
    Outcome,
    Report,
    Risk,
    UnserialisableArguments,
    digest_of,
)

#: The attribute by which a function leads to the gated tool that it calls.
GATED: Final = "__countersign_gated__"


@dataclass(frozen=True)
class GatedTool:
    """One tool and what was laid down for it."""

    tool: Tool
    policy: Policy

    async def called(
        self, ctx: restate.Context, caller: Caller, typed: dict[str, Any], plain: dict[str, JsonValue]
    ) -> Any:
        """Run the tool, after asking if that is needed; in a dry run, tell what would be done.

        Raises:
            TerminalError: the run was cancelled.
        """
        if is_dry_run():
            return await self.rehearsed(ctx, typed, plain, asks=self.policy.needs_approval(typed))
        if self.policy.needs_approval(typed):
            return await self._asked(ctx, caller, typed, plain)
        return await self.unasked(ctx, caller, typed)

    async def rehearsed(
        self, ctx: restate.Context, typed: dict[str, Any], plain: dict[str, JsonValue], *, asks: bool
    ) -> Told:
        """Return what the model is told in a dry run."""
        would = {"would_do": self.policy.title_for(typed), "would_ask": asks, "arguments": plain}
        return await rehearse(ctx, self.tool.name, would)

    async def unasked(self, ctx: restate.Context, caller: Caller, typed: dict[str, Any]) -> Any:
        """Run the tool at once; return its own result, or ``{"status": "failed", …}``."""
        told = await self.ran(ctx, caller, typed)
        return told if told["status"] == "failed" else told["result"]

    async def ran(self, ctx: restate.Context, caller: Caller, typed: dict[str, Any]) -> Told:
        """Run the tool at once; return ``{"status": "not_needed", "result": …}`` or ``{"status": "failed", …}``."""
        try:
            result = await self.tool.run(ctx, caller, typed, None)
        except restate.TerminalError as error:
            if is_cancel(error):
                raise
            return outcomes.failed(error.message) | (await self._or_undone(ctx)).as_told()
        self._keep(ctx)
        return outcomes.not_needed(result)

    async def _asked(
        self, ctx: restate.Context, caller: Caller, typed: dict[str, Any], plain: dict[str, JsonValue]
    ) -> Told:
        """Ask, and do what was decided; return what the model is told, also when it couldn't be asked."""
        try:
            settled = await settle(ctx, self.asking(ctx, caller, typed, plain))
        except RequestRefused as error:
            return await self.refused(ctx, error)
        return await self.finished(ctx, caller, [settled], plain)

    def asking(
        self,
        ctx: restate.Context,
        caller: Caller,
        typed: dict[str, Any],
        plain: dict[str, JsonValue],
        together: str = "",
    ) -> Asking:
        """Return what is asked about a call; ``together`` is what it shares with others made at the same time.

        Raises:
            RequestRefused: the tool would get something else than what people approve.
        """
        try:
            self.tool.arguments.check_comes_back(typed, plain)
        except UnserialisableArguments as error:
            raise RequestRefused(f"{self.tool.name} can't be asked for: {error}", status_code=422) from error
        digest = digest_of(self.tool.name, plain)
        announcement = functools.partial(self._announcement, ctx, caller, typed, plain, digest, together)
        files = sending(caller, value_of(self.policy.files, typed))
        return Asking(Kind.APPROVAL, self.tool.name, digest, run_reference(ctx, caller), announcement, files)

    async def refused(self, ctx: restate.Context, error: RequestRefused) -> Told:
        """Return what the model is told when nobody could be asked."""
        return outcomes.failed(error.message) | (await self._or_undone(ctx)).as_told()

    async def finished(
        self, ctx: restate.Context, caller: Caller, settled: Sequence[Settled], asked: dict[str, JsonValue]
    ) -> Told:
        """Do what was decided, last of all, tell the inbox about each request, and return what the model is told.

        Raises:
            TerminalError: the run was cancelled.
        """
        try:
            told, report = await self._carried_out(ctx, caller, settled[-1].claims, asked)
        except restate.TerminalError as error:
            if is_cancel(error):
                await self.tell(ctx, settled, CANCELLED, at_most=PATIENCE_AFTER_CANCEL)
            raise
        await self.tell(ctx, settled, report)
        return told

    async def tell(
        self, ctx: restate.Context, settled: Sequence[Settled], report: Report, at_most: timedelta | None = None
    ) -> None:
        """Tell the inbox what came of decisions.

        Raises:
            TerminalError: the run was cancelled; of each it was told all the same, with little patience.
        """
        cancelled = None
        for one in settled:
            try:
                await tell(ctx, self.tool.name, one.awakeable_id, report, at_most=at_most)
            except restate.TerminalError as error:
                cancelled, at_most = error, PATIENCE_AFTER_CANCEL
        if cancelled:
            raise cancelled

    async def _carried_out(
        self, ctx: restate.Context, caller: Caller, claims: DecisionClaims, asked: dict[str, JsonValue]
    ) -> tuple[Told, Report]:
        if claims.outcome is not Outcome.APPROVED:
            refused = outcomes.rejected(claims) if claims.outcome is Outcome.REJECTED else outcomes.expired()
            told = refused | (await self._or_undone(ctx)).as_told()
            return told, outcomes.done(told)
        try:
            result = await self.tool.run(ctx, caller, self._final(claims, asked), claims)
        except restate.TerminalError as error:
            if is_cancel(error):
                raise
            undone = await self._or_undone(ctx)
            return outcomes.failed(error.message) | undone.as_told(), outcomes.failure(f"{error.message}{undone}")
        self._keep(ctx)
        return outcomes.approved(claims, asked, result), outcomes.done(result)

    def _keep(self, ctx: restate.Context) -> None:
        if self.policy.or_undo:
            keep_effects(ctx)

    async def _or_undone(self, ctx: restate.Context) -> Undone:
        return await undo_effects(ctx) if self.policy.or_undo else Undone()

    def _final(self, claims: DecisionClaims, asked: dict[str, JsonValue]) -> dict[str, Any]:
        final = outcomes.final_arguments(claims, asked)
        if forbidden := outside(changes(asked, final), self.policy.editable):
            raise restate.TerminalError(f"The decision changed what may not be edited: {', '.join(forbidden)}.")
        try:
            return self.tool.arguments.load(final)
        except (ValidationError, ValueError) as error:
            raise restate.TerminalError(f"The decision's arguments are none that the tool takes: {error}") from error

    def _announcement(
        self,
        ctx: restate.Context,
        caller: Caller,
        typed: dict[str, Any],
        plain: dict[str, JsonValue],
        digest: str,
        together: str,
        supersedes: str | None,
    ) -> Announcement:
        deadline = value_of(self.policy.deadline, typed)
        return Announcement(
            kind=Kind.APPROVAL,
            title=self.policy.title_for(typed),
            tool=self.tool.name,
            arguments=plain,
            arguments_schema=self.tool.arguments.json_schema,
            editable=list(self.policy.editable),
            reject_reasons=list(self.policy.reject_reasons),
            digest=digest,
            risk=Risk(value_of(self.policy.risk, typed)),
            groups=list(value_of(self.policy.groups, typed)),
            quorum=value_of(self.policy.quorum, typed),
            deadline_seconds=None if deadline is None else int(deadline.total_seconds()),
            escalations=stages(value_of(self.policy.escalations, typed), deadline),
            supersedes=supersedes,
            together=together,
            **fields_of(ctx, caller),
        )
