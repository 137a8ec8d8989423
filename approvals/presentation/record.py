"""The record of a request in words: each event one sentence, since languages put who and what in different places."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from approvals.presentation.escalations import listed
from approvals.presentation.text import reveal
from approvals.presentation.words import reason_in_words

_SENTENCES: Final = {
    "request.announced": _("%(actor)s asked"),
    "request.discovered": _("%(actor)s found that the run waits, and that nobody had announced it"),
    "request.announced_late": _("%(actor)s announced it when it was settled already"),
    "request.approved": _("%(actor)s approved"),
    "request.rejected": _("%(actor)s rejected"),
    "request.answered": _("%(actor)s answered"),
    "request.expired": _("%(actor)s let it expire: the deadline passed"),
    "request.withdrawn": _("%(actor)s withdrew the request"),
    "request.asked_again": _("%(actor)s asked again in a new request"),
    "request.missing": _("%(actor)s saw that Restate does not know the run any more"),
    "request.found": _("%(actor)s saw that Restate knows the run again"),
    "request.restarted": _("%(actor)s noted that the run was restarted from a step"),
    "request.decision_kept": _("%(actor)s noted that the restarted run goes on with the decision from before"),
    "request.escalated": _("%(actor)s asked others too"),
    "request.reminded": _("%(actor)s reminded those who may decide"),
    "request.claimed": _("%(actor)s took it on"),
    "request.released": _("%(actor)s let go of it"),
    "request.held": _("%(actor)s holds it: nobody can decide it"),
    "request.unheld": _("%(actor)s let it be decided again"),
    "comment.added": _("%(actor)s wrote"),
    "decision.recorded": _("%(actor)s approved, more approvals are needed"),
    "decision.taken_back": _("%(actor)s took the decision back before it was sent"),
    "decision.refused": _("%(actor)s was told not to act on a decision"),
    "decision.invalid": _("%(actor)s got something that is no valid decision, and ignored it"),
    "delivery.sent": _("%(actor)s sent the decision"),
    "delivery.delayed": _("%(actor)s could not send the decision, and tries again"),
    "delivery.kept": _("%(actor)s saw that the run is paused: the decision is kept until it is resumed"),
    "delivery.received": _("%(actor)s received the decision"),
    "delivery.not_awaited": _("%(actor)s waited for the decision no longer"),
    "delivery.undeliverable": _("%(actor)s could not deliver the decision"),
    "delivery.queued_again": _("%(actor)s saw that the run does not have the decision, and sends it again"),
    "delivery.overtaken": _("%(actor)s did not deliver the decision: the agent has asked again"),
    "delivery.reported_before": _("%(actor)s took over what the run reported before it was restarted"),
    "delivery.read_back": _("%(actor)s saw in the run's journal that it has the decision"),
    "delivery.unreported": _("%(actor)s saw that the run ended without a report"),
    "delivery.done": _("%(actor)s reported that it is done"),
    "delivery.failed": _("%(actor)s reported a failure"),
}
_TAKEN_BACK: Final = {
    "approved": _("%(actor)s took the approval back"),
    "rejected": _("%(actor)s took the rejection back"),
    "answered": _("%(actor)s took the answer back"),
}
_WITH_CHANGES: Final = _("%(actor)s approved with changes")
_ASKED: Final = _("%(actor)s asked %(names)s too")
_REMINDED: Final = _("%(actor)s reminded %(names)s")
_TAKEN_OVER: Final = _("%(actor)s took it over from %(names)s")
_ASKED_BACK: Final = _("%(actor)s asked %(names)s")
# What the page shows elsewhere or has in its words already.
_NOT_NEWS: Final = ("decision", "note", "answer", "outcome", "reason")
_TOLD: Final = {
    "request.escalated": ("groups",),
    "request.reminded": ("reminded",),
    "request.claimed": ("from",),
    "comment.added": ("to",),
    # With what it was before and after: see `approvals.presentation.edits`.
    "request.approved": ("changed",),
    "decision.recorded": ("changed",),
}


def event_as_html(actor: str, code: str, data: Mapping[str, Any]) -> SafeString:
    """Return what an audit event says that somebody did, who in bold and nothing in their names hidden.

    An unknown code stays as it is.
    """
    sentence, names = _sentence(code, data)
    who = format_html("<strong>{}</strong>", reveal(actor_in_words(actor)))
    gaps = {"actor": who, "names": reveal(listed(names) if names else ""), "code": escape(code)}
    return mark_safe(escape(sentence) % gaps)  # noqa: S308 - the sentence and what fills it are escaped


def event_reason(data: Mapping[str, Any]) -> str:
    """Return why it happened as a sentence, empty when the event does not say."""
    reason = data.get("reason")
    return reason_in_words(reason) if isinstance(reason, str) else ""


def actor_in_words(actor: str) -> str:
    """Return who an audit actor is: a person's name, an agent service, or Countersign itself."""
    sort, _separator, name = actor.partition(":")
    return name if sort in ("user", "agent") and name else "Countersign"


def event_details(code: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left to tell of an event's data."""
    told = (*_NOT_NEWS, *_TOLD.get(code, ()))
    return {name: value for name, value in data.items() if name not in told and value not in ("", [], None)}


def _sentence(code: str, data: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    """Return the sentence with its gaps, and the names that it tells."""
    special = _SPECIAL.get(code)
    sentence, names = special(data) if special else (None, ())
    return str(sentence or _SENTENCES.get(code, "%(actor)s: %(code)s")), names


type _Told = tuple[Any, Sequence[str]]


def _approved(data: Mapping[str, Any]) -> _Told:
    return (_WITH_CHANGES if data.get("changed") else None), ()


def _taken_back(data: Mapping[str, Any]) -> _Told:
    return _TAKEN_BACK.get(data.get("outcome", "")), ()


def _escalated(data: Mapping[str, Any]) -> _Told:
    return (_ASKED if data.get("groups") else None), data.get("groups") or ()


def _reminded(data: Mapping[str, Any]) -> _Told:
    return (_REMINDED if data.get("reminded") else None), data.get("reminded") or ()


def _claimed(data: Mapping[str, Any]) -> _Told:
    return (_TAKEN_OVER if data.get("from") else None), [data["from"]] if data.get("from") else ()


def _commented(data: Mapping[str, Any]) -> _Told:
    return (_ASKED_BACK if data.get("to") else None), [data["to"]] if data.get("to") else ()


_SPECIAL: Final[Mapping[str, Callable[[Mapping[str, Any]], _Told]]] = {
    "request.approved": _approved,
    "decision.taken_back": _taken_back,
    "request.escalated": _escalated,
    "request.reminded": _reminded,
    "request.claimed": _claimed,
    "comment.added": _commented,
}
