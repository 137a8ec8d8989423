"""The arguments of a request at its three stations: as asked, as decided, as executed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import JsonValue

from approvals.models import ApprovalRequest, Decision, Delivery
from approvals.presentation.text import reveal
from approvals.presentation.values import FOLD_AFTER, beginning, in_words
from approvals.rules.lifecycle import DeliveryState, Status
from restate_bridge.contract import canonical_json, digest_of

type Words = str | Promise

_UNDECIDED: Final[dict[str, Words]] = {
    Status.PENDING: gettext_lazy("Nobody has settled it yet."),
    Status.REJECTED: gettext_lazy("It was rejected: there are no arguments to run with."),
    Status.ANSWERED: gettext_lazy("It was a question, and was answered."),
    Status.EXPIRED: gettext_lazy("Nobody decided in time."),
    Status.WITHDRAWN: gettext_lazy("It was withdrawn before anybody had settled it."),
}
_NOT_EXECUTED: Final[dict[str, Words]] = {
    Status.PENDING: gettext_lazy("Not executed: it waits for a decision."),
    Status.REJECTED: gettext_lazy("Not executed: it was rejected."),
    Status.ANSWERED: gettext_lazy("Nothing to execute: the agent was to go on with the answer."),
    Status.EXPIRED: gettext_lazy("Not executed: it expired."),
    Status.WITHDRAWN: gettext_lazy("Not executed: it was withdrawn."),
}
_ON_THE_WAY: Final = gettext_lazy("Not executed yet: the agent has not acknowledged the decision.")
_NOBODY_REPORTS: Final = gettext_lazy("Nobody announced it, so nobody reports what was done.")
_UNDELIVERABLE: Final = gettext_lazy("Not executed: the decision could not be delivered.")
_EXECUTED: Final[dict[str, Words]] = {
    DeliveryState.RECEIVED: gettext_lazy(
        "The same digest as decided: the agent has acknowledged it and runs the tool."
    ),
    DeliveryState.DONE: gettext_lazy(
        "The same digest as decided: the agent has run the tool and reported that it is done."
    ),
    DeliveryState.FAILED: gettext_lazy(
        "The same digest as decided: the agent has acknowledged it, then the tool or the run failed."
    ),
}


@dataclass(frozen=True, slots=True)
class Station:
    """The arguments at one station.

    Attributes:
        digest: of tool and arguments; "" where there are none.
        words: what is to be said about it: why there are none, or whether they are the same as one station before.
    """

    title: Words
    arguments: Mapping[str, JsonValue] | None
    digest: str
    words: Words = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; `same` is whether it is the same as one station before, `absent` whether there is none."""

    title: Words
    shown: SafeString | str
    preview: SafeString | str = ""
    kind: str = "text"
    length: int = 0
    same: bool = False
    absent: bool = False

    @property
    def is_long(self) -> bool:
        """Whether a page folds it; paper does not."""
        return self.length > FOLD_AFTER


@dataclass(frozen=True, slots=True)
class Line:
    """One argument at the three stations."""

    path: str
    cells: Sequence[Cell]

    @property
    def changed(self) -> bool:
        """Whether it did not stay what it was."""
        return any(not cell.same and not cell.absent for cell in self.cells[1:])


def stations_of(request: ApprovalRequest, settling: Decision | None) -> list[Station]:
    """Return what was asked, what was decided and what was executed.

    Args:
        settling: the decision that settled the request, None when none did.
    """
    if request.is_found:
        return _stations_of_found(request)
    asked = Station(_("As asked"), request.arguments, request.digest, _proof(request, request.arguments))
    decided = _decided(request, settling)
    return [asked, decided, _executed(request, decided)]


def _stations_of_found(request: ApprovalRequest) -> list[Station]:
    """Return what was found; what was sent is no arguments, and what came of it nobody reports."""
    found = Station(_("As found"), request.arguments, request.digest, _proof(request, request.arguments))
    decided = _UNDECIDED.get(request.status) or _("It was resolved with a value: see the record.")
    return [found, Station(_("As decided"), None, "", decided), Station(_("As executed"), None, "", _NOBODY_REPORTS)]


def lines_of(stations: Sequence[Station]) -> list[Line]:
    """Return the arguments one by one, in the order in which they were asked."""
    flat = [None if one.arguments is None else _flat(one.arguments) for one in stations]
    paths = list(dict.fromkeys(path for values in flat if values for path in values))
    return [Line(path, _cells(path, stations, flat)) for path in paths]


def _flat(arguments: Mapping[str, JsonValue], prefix: str = "") -> dict[str, JsonValue]:
    """Return ``{dotted path: value}``; objects are taken apart, lists stay whole."""
    flat: dict[str, JsonValue] = {}
    for name, value in arguments.items():
        nested = isinstance(value, dict) and value
        flat |= _flat(value, f"{prefix}{name}.") if nested else {f"{prefix}{name}": value}  # type: ignore[arg-type]
    return flat


def _decided(request: ApprovalRequest, settling: Decision | None) -> Station:
    title = _("As decided")
    if settling is None or settling.arguments is None:
        return Station(title, None, "", _UNDECIDED.get(request.status, ""))
    if request.has_form:
        return Station(title, settling.arguments, settling.digest, _("Another digest: the answer was filled in."))
    same = settling.digest == request.digest
    words = _("The same digest as asked: nothing was changed.") if same else _("Another digest: it was edited.")
    return Station(title, settling.arguments, settling.digest, words)


def _executed(request: ApprovalRequest, decided: Station) -> Station:
    title = _("As executed")
    delivery: Delivery | None = getattr(request, "delivery", None)
    if decided.arguments is None or delivery is None or request.has_form:
        return Station(title, None, "", _NOT_EXECUTED.get(request.status, ""))
    if delivery.received_at is None:
        lost = delivery.state == DeliveryState.UNDELIVERABLE
        return Station(title, None, "", _UNDELIVERABLE if lost else _ON_THE_WAY)
    # The agent runs what the signed decision carries, after it has compared its digest; it has nothing else.
    return Station(title, decided.arguments, decided.digest, _EXECUTED.get(delivery.state, ""))


def _proof(request: ApprovalRequest, arguments: Mapping[str, JsonValue]) -> str:
    """Say whether the digest that decisions are bound to is that of the arguments shown here."""
    if digest_of(request.tool, dict(arguments)) == request.digest:
        return _("The digest was computed again for this page, and fits.")
    return _("The digest does not fit these arguments.")


def _cells(path: str, stations: Sequence[Station], flat: Sequence[dict[str, JsonValue] | None]) -> list[Cell]:
    cells: list[Cell] = []
    before: bytes | None = None
    for station, values in zip(stations, flat, strict=True):
        if values is None or path not in values:
            cells.append(Cell(station.title, "", absent=True))
            continue
        text, kind = in_words(values[path])
        canonical = canonical_json(values[path])
        cells.append(
            Cell(station.title, reveal(text), reveal(beginning(text)), kind, len(text), same=canonical == before)
        )
        before = canonical
    return cells
