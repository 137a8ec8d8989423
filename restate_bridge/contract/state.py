"""Where a request stands and how far its decision got, as the inbox tells an agent service that asks."""

from typing import Literal

from pydantic import AwareDatetime

from restate_bridge.contract.wire import Wire


class Travel(Wire):
    """How far a decision has travelled.

    Attributes:
        state: ``queued`` (not sent yet, or Restate is away), ``sent`` (Restate took it, which proves nothing),
            ``kept`` (until the paused run is resumed), ``received`` (the agent has acknowledged it), ``done``,
            ``failed`` (what the agent reported), or ``undeliverable`` (the run has ended without it).
        problem: what is in the way, in words; empty when nothing is.
        queued_at: when it was decided; the other times are None until they are reached.
    """

    state: Literal["queued", "sent", "kept", "received", "done", "failed", "undeliverable"]
    problem: str = ""
    queued_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    received_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None


class RequestState(Wire):
    """Where a request stands (``GET /api/requests/{awakeable_id}``).

    Attributes:
        request_id: the inbox's id of it.
        url: where people find it.
        status: pending, approved, rejected, answered, expired or withdrawn.
        settled_at: when it was settled; None while it is pending.
        travel: how far its decision got; None while there is none.
        missing_since: since when Restate does not know the run; None when it does.
        superseded_by: the awakeable id that the same run asked again with, if it did.
        restarted_from: the awakeable id that the run asked with before it was restarted, if it was.
    """

    request_id: int
    url: str
    status: Literal["pending", "approved", "rejected", "answered", "expired", "withdrawn"]
    settled_at: AwareDatetime | None = None
    travel: Travel | None = None
    missing_since: AwareDatetime | None = None
    superseded_by: str | None = None
    restarted_from: str | None = None
