"""The forms by which an operator sends a call, or talks to an agent."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.forms.arguments import ArgumentsForm
from approvals.rules.changes import MISSING
from operations.forms.json_text import JsonTextField
from restate_bridge.services import Handler, Service

#: How the input is called in the form that is made of its schema.
INPUT: Final = "input"
_UNITS: Final = [
    (1, pgettext_lazy("later", "seconds")),
    (60, pgettext_lazy("later", "minutes")),
    (3_600, pgettext_lazy("later", "hours")),
    (86_400, pgettext_lazy("later", "days")),
]
_MOST_LATER: Final = 1_000_000
_LONGEST_KEY: Final = 1_000


def fresh_key() -> str:
    """Return an idempotency key that nothing has."""
    return str(uuid4())


class _OnceForm(forms.Form):
    """What is sent once, however often its button is pressed."""

    idempotency_key = forms.RegexField(
        r"^[!-~]*$",
        label=_("Idempotency key"),
        required=False,
        max_length=200,
        help_text=_("What is sent twice with the same key runs once. Empty: it runs each time."),
        error_messages={"invalid": _("Only letters, digits and signs without accents, and no spaces.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class CallForm(_OnceForm):
    """Where a call goes, when, and why; what it brings is a form of its own, or raw JSON here."""

    key = forms.CharField(
        label=_("Key"), max_length=_LONGEST_KEY, strip=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    raw = JsonTextField(label=_("Input, as JSON"))
    later = forms.IntegerField(label=_("Send it after"), required=False, min_value=1, max_value=_MOST_LATER)
    unit = forms.TypedChoiceField(label=_("Unit"), choices=_UNITS, coerce=int, required=False)
    reason = forms.CharField(label=_("Reason, for the record"), required=False, max_length=1000)

    field_order = ("key", "raw", "later", "unit", "idempotency_key", "reason")

    def __init__(self, service: Service, handler: Handler, *arguments: Any, has_raw: bool, **options: Any) -> None:
        """Make it for a handler; the rest goes to Django's own."""
        super().__init__(*arguments, **options)
        self.fields["raw"].required = not handler.can_do_without
        if not service.is_keyed:
            del self.fields["key"]
        if handler.runs_once:
            del self.fields["idempotency_key"]
            self.fields["key"].help_text = _("It runs once for each key. Sending it again leads to the same run.")
        if not has_raw:
            del self.fields["raw"]

    @property
    def delay(self) -> int:
        """In how many seconds it is to begin."""
        return (self.cleaned_data.get("later") or 0) * (self.cleaned_data.get("unit") or 1)


class TalkForm(_OnceForm):
    """Something to say to an agent."""

    agent = forms.ChoiceField(label=_("Agent"))
    key = forms.CharField(
        label=_("Session"), max_length=_LONGEST_KEY, strip=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    user = forms.CharField(label=_("On behalf of"), max_length=200)
    message = forms.CharField(label=_("Message"), max_length=20_000, widget=forms.Textarea({"rows": 3}))

    field_order = ("agent", "key", "user", "message", "idempotency_key")

    def __init__(self, agents: list[str], *arguments: Any, **options: Any) -> None:
        """Make it for agents, as ``service/handler``; the rest goes to Django's own."""
        super().__init__(*arguments, **options)
        self._agents = agents
        chosen = self.fields["agent"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(agent, agent) for agent in agents]
        self.fields["idempotency_key"].widget = forms.HiddenInput()

    def in_one_session(self) -> "TalkForm":
        """Return the form for a page of the session that it is about: what goes without saying is not asked."""
        for name in ("agent", "key") if len(self._agents) == 1 else ("key",):
            self.fields[name].widget = forms.HiddenInput()
        return self


@dataclass(frozen=True, slots=True)
class _Input:
    """A handler's input, as the form for arguments takes it: one argument that may be edited."""

    arguments_schema: dict[str, Any]
    editable: tuple[str, ...] = (INPUT,)


def input_form(handler: Handler, data: QueryDict | None) -> ArgumentsForm:
    """Return the form that is made of a handler's schema."""
    # What it says of the whole, the page says of the handler.
    schema = {name: value for name, value in (handler.schema or {}).items() if name != "description"}
    # What the schema refers to stands at its root, and stays there.
    root: dict[str, Any] = {name: schema[name] for name in ("$defs", "definitions") if name in schema}
    wrapped: dict[str, Any] = {**root, "type": "object", "properties": {INPUT: schema}, "required": [INPUT]}
    nothing: Any = {INPUT: MISSING}
    return ArgumentsForm(_Input(wrapped), nothing, data, fresh="" if data is not None else INPUT)
