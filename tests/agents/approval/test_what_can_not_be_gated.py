"""What JSON carries there and back can be gated; what it can't is refused at import, by name."""

from collections.abc import Callable, Generator, Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from google.adk.tools.tool_context import ToolContext
from pydantic import AfterValidator, BaseModel, Field, PlainSerializer, Secret, SecretBytes, SecretStr

from agents.approval import NotGateable, durable_tool, requires_approval
from agents.approval.schema import ToolArguments
from restate_bridge.contract import UnserialisableArguments


class Parcel(BaseModel):
    label: Annotated[str, Field(alias="name")] = "box"
    weights: list[float] = []
    inner: "Parcel | None" = None


class Login(BaseModel):
    user: str
    password: SecretStr


class Measured(BaseModel):
    values: Iterable[float]


class Opaque:
    pass


class Fragile:
    """A value whose own code fails in its own way."""

    @classmethod
    def __get_pydantic_core_schema__(cls, kind: Any, handler: Any) -> Any:
        def read(value: object) -> object:
            raise KeyError("colour")

        return handler.generate_schema(Annotated[str, PlainSerializer(str)]) | {
            "type": "function-plain",
            "function": {"type": "no-info", "function": read},
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        return {"type": "string"}


def taking(kind: Any, *default: Any) -> Callable[..., Any]:
    """Return a tool that takes a thing of a type, and may have a default for it."""

    def send(thing):  # type: ignore[no-untyped-def]
        """Send something."""
        return thing

    send.__annotations__ = {"thing": kind}
    send.__defaults__ = default or None
    return send


def refusal(tool: Callable[..., Any], **settings: Any) -> str:
    with pytest.raises(NotGateable) as caught:
        requires_approval(**({"title": "Send"} | settings))(tool)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "default", "why"),
    [
        (bytes, b"\xff", "invalid utf-8"),
        (object, Opaque(), "Opaque"),
        (int, object(), "Unable to serialize unknown type"),
        (str, "\ud800", "non-UTF-8"),
        (float, float("nan"), "nan is not representable"),
        (int, 2**60, "exceeds safe integer domain"),
        (Fragile, Fragile(), "colour"),
    ],
)
def test_a_default_that_does_not_come_back_from_json_is_refused(kind: Any, default: Any, why: str) -> None:
    said = refusal(taking(kind, default))
    assert said.startswith("send: the argument 'thing' can't have the default ")
    assert why in said


def test_a_long_default_is_not_repeated_in_full() -> None:
    assert len(refusal(taking(int, "many words" * 1_000))) < 300


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (int | None, None),
        (int, None),
        (str, None),
        (Annotated[str, Field(min_length=2)], None),
        (float, 1),
        (bytes, b"a"),
        (object, None),
        (date, date(2026, 1, 2)),
        (Decimal, Decimal("1.50")),
        (Parcel, Parcel(name="crate", inner=Parcel())),
        (frozenset[int], frozenset({1})),
    ],
)
def test_a_default_that_comes_back_is_taken(kind: Any, default: Any) -> None:
    arguments = ToolArguments(taking(kind, default))
    plain = arguments.plain(arguments.typed({}))
    assert arguments.load(plain) == {"thing": default}
    shown: Any = arguments.json_schema["properties"]
    assert shown["thing"]["default"] == plain["thing"]


class ReadElsewhere(BaseModel):
    amount: Annotated[float, Field(validation_alias="amountEur")] = 0.0


class ReadNowhere(BaseModel):
    amount: Annotated[float, Field(validation_alias="amountEur")]


class Counting(BaseModel):
    times: Annotated[int, AfterValidator(lambda times: times + 1)]


class HalfShown(BaseModel):
    amount: float
    account: Annotated[str, Field(exclude=True)] = "DE89"


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        (ReadElsewhere, {"amountEur": 500}, "'thing' would reach the tool as something else than people approve"),
        (ReadNowhere, {"amountEur": 500}, "what people would approve could not be read again"),
        (Counting, {"times": 1}, "'thing' would reach the tool as something else than people approve"),
    ],
)
def test_what_would_reach_the_tool_as_something_else_is_not_put_before_people(kind: Any, given: Any, why: str) -> None:
    arguments = ToolArguments(taking(kind))
    typed = arguments.typed({"thing": given})
    with pytest.raises(UnserialisableArguments, match=why):
        arguments.check_comes_back(typed, arguments.plain(typed))


def test_a_field_that_people_would_not_see_is_refused() -> None:
    assert "holds a field that people would not see" in refusal(taking(list[HalfShown]))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (object, "a"),
        (object, {"a": [1, None, True]}),
        (Any, [1, 2.5]),
        (list[object], ["a", {"b": 1}]),
        (complex, "1+2j"),
        (complex, 3),
        (dict[str, complex], {"a": "2j"}),
        (bytes, "é"),
        (dict[int, str], {"1": "a"}),
        (Parcel, {"name": "crate", "inner": {"weights": [1]}}),
    ],
)
def test_what_a_model_gives_for_such_a_type_reaches_the_tool_as_people_saw_it(kind: Any, given: Any) -> None:
    requires_approval(title="Send")(taking(kind))
    arguments = ToolArguments(taking(kind))
    typed = arguments.typed({"thing": given})
    plain = arguments.plain(typed)
    assert arguments.load(plain) == typed
    assert arguments.plain(arguments.load(plain)) == plain
    arguments.check_comes_back(typed, plain)


def test_a_value_that_code_gives_and_json_can_not_carry_is_refused_when_it_is_given() -> None:
    for kind, value in ((object, Opaque()), (bytes, b"\xff")):
        with pytest.raises(UnserialisableArguments):
            ToolArguments(taking(kind)).plain({"thing": value})


@pytest.mark.parametrize("kind", [type, Opaque, Callable[[], int], list[Opaque]])
def test_a_type_that_json_can_not_carry_is_named_with_its_argument(kind: Any) -> None:
    assert refusal(taking(kind)).startswith("send: the argument 'thing' has a type that JSON can't carry: ")


@pytest.mark.parametrize("kind", [Iterable[int], Generator[int, None, None], Measured, list[Measured]])
def test_what_can_be_read_only_once_is_refused(kind: Any) -> None:
    assert refusal(taking(kind)) == "send: the argument 'thing' holds what can be read only once; make it a list"


@pytest.mark.parametrize("kind", [SecretStr, SecretBytes, Secret[int], SecretStr | None, dict[str, Login]])
def test_a_secret_is_refused_since_the_tool_would_get_asterisks(kind: Any) -> None:
    assert "send: the argument 'thing' holds a secret" in refusal(taking(kind))


def _by_place(parcel: str, /, to: str = "") -> None: ...
def _context_by_place(tool_context: ToolContext, /, parcel: str) -> None: ...
def _by_name(parcel: str, to: str = "") -> None: ...


@pytest.mark.parametrize(("tool", "name"), [(_by_place, "parcel"), (_context_by_place, "tool_context")])
@pytest.mark.parametrize("decorate", [durable_tool(), requires_approval(title="Send")])
def test_an_argument_that_can_not_be_given_by_name_is_refused(
    decorate: Callable[..., Any], tool: Callable[..., Any], name: str
) -> None:
    with pytest.raises(NotGateable, match=f"{tool.__name__}: .*drop the '/' behind '{name}'"):
        decorate(tool)


@pytest.mark.parametrize("setting", ["when", "risk", "groups", "quorum", "deadline", "escalations", "files", "undo"])
def test_so_is_one_of_a_setting_that_is_a_function(setting: str) -> None:
    def by_place(parcel: str, /) -> Any: ...

    said = refusal(_by_name, **{setting: by_place})
    assert said == f"_by_name: {setting}: it is called by its arguments' names; drop the '/' behind 'parcel'"


def test_arguments_without_names_are_refused_with_the_tools_name() -> None:
    def by_any(*parcels: str) -> None: ...
    def by_any_name(**parcels: str) -> None: ...

    for tool in (by_any, by_any_name):
        assert refusal(tool) == f"{tool.__name__}: *args and **kwargs have no schema; name each argument"
