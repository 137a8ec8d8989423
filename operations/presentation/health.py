"""How each part is, in words: whether it is well, what is wrong, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals.presentation.engine import UNSEEN_AFTER
from operations.presentation.runs import version_name
from operations.selectors.health.endpoints import EndpointHealth, EndpointsHealth
from operations.selectors.health.engine import EngineHealth
from operations.selectors.health.house import HouseHealth
from operations.selectors.health.inbox import Announcer, CourierHealth, DatabaseHealth, Table
from restate_bridge.endpoints import Answer

_TABLES: Final = {
    "approvals_approvalrequest": gettext_lazy("Requests"),
    "approvals_approvalrequest_groups": gettext_lazy("Queues"),
    "approvals_searchentry": gettext_lazy("Search"),
    "approvals_decision": gettext_lazy("Decisions"),
    "approvals_delivery": gettext_lazy("Deliveries"),
    "approvals_auditevent": gettext_lazy("Record"),
    "operations_operatorevent": gettext_lazy("Operators' record"),
}
# How long an agent may take to acknowledge before it is called late.
_LATE: Final = timedelta(minutes=5)


class Condition(StrEnum):
    """How a part is."""

    WELL = "well"
    TROUBLE = "trouble"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a part.

    Attributes:
        name, text: as they are shown, each made safe there.
        at: a time, shown instead of the text.
        link: where the name leads.
        is_wrong: whether it is part of what is wrong.
    """

    name: str
    text: str = ""
    at: datetime | None = None
    link: str = ""
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        code: names it in the page.
        says: how it is, in a sentence.
        advice: what to do; empty when nothing is to be done.
        detail: what a program said about it.
    """

    code: str
    title: str
    condition: Condition
    says: str
    advice: str = ""
    detail: str = ""
    facts: Sequence[Fact] = ()


def parts_of(health: HouseHealth, now: datetime) -> list[Part]:
    """Return every part, in the way of a decision: from the agent's announcement back to the agent."""
    return [
        _engine(health.engine),
        _courier(health.courier, now),
        _endpoints(health.endpoints),
        _intake(health.intake),
        _database(health.database),
        _pages(health.pages),
    ]


def _engine(engine: EngineHealth) -> Part:
    if engine.problem:
        if engine.only_admin:
            says = _("Restate can't be asked about runs. Decisions go out all the same.")
            advice = _("Look whether its admin API runs where RESTATE_ADMIN_URL says. Just started, it needs a moment.")
        else:
            says = _("Restate is away. People decide all the same: decisions are kept and go out when it is back.")
            advice = _("Start it, or look whether RESTATE_INGRESS_URL says where it is.")
        return Part("engine", "Restate", Condition.TROUBLE, says, advice, engine.problem)
    pausable = _("can be paused") if engine.waits_can_be_paused else _("can't be paused: a feature of Restate is off")
    facts = [
        Fact(_("Version"), engine.version),
        Fact(_("Nodes, running or not"), str(engine.nodes) if engine.nodes else _("unknown")),
        Fact(_("Partitions"), _("all answer queries")),
        Fact(_("Features that are on"), ", ".join(engine.features) or _("none")),
        Fact(_("Runs that wait"), pausable),
    ]
    return Part("engine", "Restate", Condition.WELL, _("Restate answers."), facts=facts)


def _courier(courier: CourierHealth, now: datetime) -> Part:
    wrong, advice = _wrong_with(courier, now)
    numbers = courier.backlog.numbers
    facts = [
        Fact(
            _("Last seen"), "" if courier.sight else _("never"), at=courier.sight.looked_at if courier.sight else None
        ),
        Fact(_("Decisions to send"), intcomma(numbers.get("queued", 0))),
        Fact(_("Sent and not acknowledged yet"), intcomma(numbers.get("sent", 0))),
        Fact(_("Kept for paused runs"), intcomma(numbers.get("kept", 0))),
        Fact(_("Being carried out"), intcomma(numbers.get("received", 0))),
    ]
    if courier.backlog.oldest_at:
        facts.append(Fact(_("The oldest that has not arrived"), at=courier.backlog.oldest_at))
    for delivery in courier.retried:
        tried = ngettext("tried %(number)s time", "tried %(number)s times", delivery.attempts)
        text = f"{tried % {'number': delivery.attempts}}: {delivery.last_error}"
        link = reverse("approvals:request", args=[delivery.request_id])
        facts.append(Fact(f"#{delivery.request_id}", text, link=link, is_wrong=True))
    condition = Condition.TROUBLE if wrong else Condition.WELL
    return Part("courier", _("Courier"), condition, wrong or _("Decisions go out."), advice, facts=facts)


def _wrong_with(courier: CourierHealth, now: datetime) -> tuple[str, str]:
    if courier.sight is None:
        return _("No courier has ever run: decisions are kept."), _("Start one: manage.py courier.")
    if now - courier.sight.looked_at > UNSEEN_AFTER:
        return (
            _("No courier has been seen for a while: decisions are kept and go out when one runs."),
            _("Start one, and read the last lines of its log."),
        )
    if number := courier.backlog.retried:
        return (
            ngettext(
                "Restate did not take %(number)s decision. It is tried again.",
                "Restate did not take %(number)s decisions. They are tried again.",
                number,
            )
            % {"number": number},
            _("Read below what Restate said. They go out by themselves once that is mended."),
        )
    if courier.backlog.oldest_at and now - courier.backlog.oldest_at > _LATE:
        return (
            _("A decision was sent a while ago and no agent has acknowledged it."),
            _("Look whether the agents' endpoints answer, and at the page of the run for its last failure."),
        )
    return "", ""


def _endpoints(health: EndpointsHealth) -> Part:
    title = _("Agents' endpoints")
    if health.problem:
        says = _("Restate can't be asked which there are.")
        return Part("endpoints", title, Condition.UNKNOWN, says, detail=health.problem)
    if not health.endpoints:
        advice = _("Register the agents with Restate.")
        return Part("endpoints", title, Condition.TROUBLE, _("None is registered, so no agent can run."), advice)
    facts = [_endpoint(endpoint) for endpoint in health.endpoints]
    if health.left_out:
        facts.append(Fact(_("Others that were not asked"), intcomma(health.left_out)))
    condition, says, advice = _reached(health)
    return Part("endpoints", title, condition, says, advice, facts=facts)


def _reached(health: EndpointsHealth) -> tuple[Condition, str, str]:
    away = sum(endpoint.is_away for endpoint in health.endpoints)
    if away:
        says = ngettext(
            "%(number)s endpoint can't be reached from Countersign, and runs fail there.",
            "%(number)s endpoints can't be reached from Countersign, and runs fail there.",
            away,
        )
        advice = _("Start the agents there. Restate tries their runs again by itself.")
        return Condition.TROUBLE, says % {"number": intcomma(away)}, advice
    refusing = sum(endpoint.is_refusing for endpoint in health.endpoints)
    if refusing:
        says = ngettext(
            "%(number)s endpoint refuses Restate's calls, and runs fail there: no key that it knows has signed them.",
            "%(number)s endpoints refuse Restate's calls, and runs fail there: no key that they know has signed them.",
            refusing,
        )
        advice = _(
            "Restate logs its public key at its start, if it has one: put that into AGENTS_IDENTITY_KEYS_FILE, and "
            "start the agents again."
        )
        return Condition.TROUBLE, says % {"number": intcomma(refusing)}, advice
    missed = sum(endpoint.is_missed for endpoint in health.endpoints)
    if missed:
        says = ngettext(
            "%(number)s endpoint that runs need can't be reached from Countersign. No run fails there so far.",
            "%(number)s endpoints that runs need can't be reached from Countersign. No run fails there so far.",
            missed,
        )
        advice = _("Look whether the agents run there. If only Restate is meant to reach them, nothing is to be done.")
        return Condition.UNKNOWN, says % {"number": intcomma(missed)}, advice
    if health.needed_left_out:
        says = ngettext(
            "%(number)s endpoint that runs need was not asked: there are too many.",
            "%(number)s endpoints that runs need were not asked: there are too many.",
            health.needed_left_out,
        )
        return Condition.UNKNOWN, says % {"number": intcomma(health.needed_left_out)}, ""
    if any(endpoint.is_needed and endpoint.answer is None for endpoint in health.endpoints):
        return Condition.WELL, _("All addresses that runs need answer. Functions are not asked."), ""
    return Condition.WELL, _("All that runs need answer."), ""


def _endpoint(endpoint: EndpointHealth) -> Fact:
    answer = endpoint.answer or Answer()
    if endpoint.answer is None:
        how = _("a function, not asked")
    elif answer.problem:
        how = _("can't be reached from Countersign: %(why)s") % {"why": answer.problem}
    elif answer.is_signed_only:
        how = _("answers, and takes signed calls alone")
    else:
        how = _("answers")
    sdk = answer.sdk or endpoint.deployment.sdk
    # One that takes signed calls alone does not say it to us, and has said it to Restate.
    spoken = "{}–{}".format(*endpoint.deployment.protocol) if answer.is_signed_only else answer.protocol
    protocol = _("protocol %(versions)s") % {"versions": spoken} if spoken else ""
    runs = ngettext("%(number)s run", "%(number)s runs", endpoint.runs) % {"number": intcomma(endpoint.runs)}
    needed = runs if endpoint.runs or endpoint.is_latest else _("no longer needed")
    failing = ngettext("%(number)s is tried again", "%(number)s are tried again", endpoint.failing)
    is_wrong = endpoint.is_away or endpoint.is_refusing
    tried = failing % {"number": intcomma(endpoint.failing)} if is_wrong else ""
    words = [how, version_name(endpoint.deployment), sdk, protocol, needed, tried]
    return Fact(endpoint.deployment.uri, " · ".join(word for word in words if word), is_wrong=is_wrong)


def _intake(announcers: Sequence[Announcer]) -> Part:
    title = _("Intake")
    if not announcers:
        says = _("No agent service may announce requests.")
        return Part("intake", title, Condition.TROUBLE, says, _("Register one: manage.py register_agent_service."))
    facts = [
        Fact(one.name, "" if one.last_at else _("has announced nothing yet"), at=one.last_at) for one in announcers
    ]
    return Part("intake", title, Condition.WELL, _("Agents can announce. When each did so last:"), facts=facts)


def _database(database: DatabaseHealth) -> Part:
    facts = [Fact(_("Version"), database.version)]
    facts += [Fact(str(_TABLES.get(table.name, table.name)), _size(table)) for table in database.tables]
    if database.missing:
        says, advice = _("It lacks tables that this version needs."), _("Run manage.py migrate.")
        detail = ", ".join(database.missing)
        return Part("database", "PostgreSQL", Condition.TROUBLE, says, advice, detail, facts)
    return Part("database", "PostgreSQL", Condition.WELL, _("It answers, and has all its tables."), facts=facts)


def _size(table: Table) -> str:
    # Its space does not break, and would be shown as the odd character that it is.
    size = filesizeformat(table.size).replace("\xa0", " ")
    if table.rows is None:
        return size
    rows = ngettext("about %(number)s row", "about %(number)s rows", table.rows) % {"number": intcomma(table.rows)}
    return f"{size} · {rows}"


def _pages(number: int) -> Part:
    says = ngettext(
        "%(number)s page is connected to this process.", "%(number)s pages are connected to this process.", number
    )
    return Part("pages", _("Live pages"), Condition.WELL, says % {"number": intcomma(number)})
