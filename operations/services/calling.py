"""Sending calls to handlers."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from approvals.engine import ingress
from operations.digests import digest
from operations.errors import NotAllowed
from operations.rules.roles import Permission
from operations.rules.sessions import session_name
from operations.services.recording import About, recorded
from restate_bridge.ingress import Sent


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        key: of a virtual object or workflow; None for a service.
        body: JSON; None for no input.
        delay: in how many seconds it begins.
        idempotency_key: however often it is sent with the same, it runs once; empty for none.
        reason: for the record; may be empty.
        is_sealed: whether the service opens what is sealed with a journal key.
        on_behalf_of: for whom the input speaks, for the record; empty where it does not say.
    """

    service: str
    key: str | None
    handler: str
    body: bytes | None
    delay: int = 0
    idempotency_key: str = ""
    reason: str = ""
    on_behalf_of: str = ""
    is_sealed: bool = False

    @property
    def subject(self) -> str:
        """How the record calls it: ``Claims/a-session/ask``."""
        return f"{self.service if self.key is None else session_name(self.service, self.key)}/{self.handler}"


def call_handler(*, operator: User, call: Call) -> Sent:
    """Send a call, and return its run. The record has the input's size and digest, and not the input.

    Raises:
        NotAllowed: nothing was done, and nothing recorded.
        Refused: the engine refused it.
        Unheard: the engine gave no answer; it may have heard all the same. Sending again with the same idempotency
            key is safe.
    """
    if not operator.has_perm(Permission.CALL_HANDLER):
        raise NotAllowed(Permission.CALL_HANDLER)
    body = call.body or b""
    asked = {
        "input": {"size": len(body), "digest": digest(body)} if call.body is not None else None,
        "delay": call.delay,
        "idempotency_key": call.idempotency_key,
        "handler": call.handler,
        "on_behalf_of": call.on_behalf_of,
    }
    with recorded(operator, "handler.call", About(call.subject), reason=call.reason, data=asked) as action:
        sent = ingress().send(
            call.service,
            call.key,
            call.handler,
            call.body,
            delay=call.delay,
            idempotency_key=call.idempotency_key,
            is_sealed=call.is_sealed,
        )
        action.answered({"run": sent.run, "new": sent.is_new})
    return sent
