"""What registering an address would change, and what it would break."""

from operations.rules.registering import NotBegun, Plan, not_begun, plan_of
from restate_bridge.listed_run import RunState
from restate_bridge.registration import Registration, ServiceCode


def service(name: str, revision: int, *handlers: str, kind: str = "VirtualObject", takes: str = "") -> ServiceCode:
    return ServiceCode(name, kind, revision, {handler: {"name": handler, "takes": takes} for handler in handlers})


OLD = service("Claims", 1, "ask", "history")
WEATHER = service("Weather", 1, "ask")
NEWEST = {"Claims": OLD, "Weather": WEATHER}
HOMES = [{"Claims", "Weather"}]


def at_new_address(*services: ServiceCode) -> Plan:
    return plan_of(Registration("dp_new", True, services), NEWEST, [], HOMES)


def test_a_new_address_brings_a_new_version_and_overwrites_nothing() -> None:
    plan = at_new_address(service("Claims", 2, "ask", "history"), service("Weather", 2, "ask"))
    assert plan.changes_anything
    assert (plan.overwrites, plan.lost, plan.left) == ("", (), ())
    assert not plan.is_confirmed_by_typing
    assert plan.breaks_nothing
    assert plan.replaced == ["Claims", "Weather"]
    assert [(change.name, change.before, change.after) for change in plan.services] == [
        ("Claims", 1, 2),
        ("Weather", 1, 2),
    ]


def test_handlers_that_are_new_vanish_or_change_are_named() -> None:
    plan = at_new_address(service("Claims", 2, "ask", "review", takes="something else"))
    (change,) = plan.services
    assert (change.added, change.vanished, change.changed) == (("review",), ("history",), ("ask",))


def test_a_service_that_nobody_knew_has_no_version_before() -> None:
    (change,) = at_new_address(service("Mail", 1, "send")).services
    assert (change.before, change.added, change.changes_kind) == (None, ("send",), False)


def test_what_the_new_address_lacks_stays_where_it_is_and_is_named() -> None:
    assert at_new_address(service("Claims", 2, "ask")).left == ("Weather",)
    assert at_new_address(service("Mail", 1, "send")).left == ()


def test_a_service_that_changes_its_kind_is_confirmed_by_typing() -> None:
    plan = at_new_address(service("Claims", 2, "ask", kind="Service"))
    assert plan.services[0].changes_kind
    assert plan.is_confirmed_by_typing
    assert not plan.breaks_nothing


def test_handlers_that_vanish_are_confirmed_by_typing_and_such_that_change_are_not() -> None:
    vanishing = at_new_address(service("Claims", 2, "ask"))
    assert (vanishing.is_confirmed_by_typing, vanishing.breaks_nothing) == (True, False)
    changing = at_new_address(service("Claims", 2, "ask", "history", takes="something else"))
    assert (changing.is_confirmed_by_typing, changing.breaks_nothing) == (False, False)


def test_what_has_not_begun_is_counted_and_what_calls_a_handler_that_vanishes() -> None:
    (change,) = at_new_address(service("Claims", 2, "ask"), service("Mail", 1, "send")).services[:1]
    counted = {"ask": {RunState.QUEUED: 2}, "history": {RunState.QUEUED: 1, RunState.SCHEDULED: 1}}
    found = not_begun(change, counted)
    assert found == NotBegun({RunState.QUEUED: 3, RunState.SCHEDULED: 1}, stranded=2)
    assert found.runs == 4
    assert not_begun(change, {}).runs == 0


def test_only_what_was_there_before_is_replaced() -> None:
    assert at_new_address(service("Mail", 1, "send")).replaced == []


def test_an_address_that_is_known_changes_nothing_unless_it_is_forced() -> None:
    plan = plan_of(Registration("dp_old", False, [OLD, WEATHER]), NEWEST, [OLD, WEATHER], HOMES)
    assert plan == Plan()
    assert not plan.changes_anything


def test_forcing_overwrites_and_tells_what_is_lost() -> None:
    tried = Registration("dp_old", False, [service("Claims", 2, "ask", "history")])
    plan = plan_of(tried, NEWEST, [OLD, WEATHER], HOMES)
    assert (plan.overwrites, plan.lost, plan.left) == ("dp_old", ("Weather",), ())
    assert plan.is_confirmed_by_typing


def test_another_plan_has_another_digest() -> None:
    one, other = at_new_address(service("Claims", 2, "ask")), at_new_address(service("Claims", 2, "ask", "review"))
    assert one.digest == at_new_address(service("Claims", 2, "ask")).digest != other.digest
