"""The form that stands between an administrator and what a session keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.forms.json_text import JsonTextField
from operations.rules.state import TYPED, StateVerb


class StateForm(forms.Form):
    """Asks for a reason; for a change also for the value, as JSON; where a value goes, for the service's name, typed.

    Attributes:
        seen: which state the page showed.
    """

    value = JsonTextField(label=_("The value, as JSON"))
    reason = forms.CharField(label=_("Reason, for the record"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    typed = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, verb: StateVerb, service: str, *arguments: Any, **options: Any) -> None:
        """Make it for a verb and the name of a service; the rest goes to Django's own."""
        super().__init__(*arguments, **options)
        self._service = service
        if verb in TYPED:
            self.fields["typed"].label = _("Type %(service)s to confirm") % {"service": service}
        else:
            del self.fields["typed"]
        if verb is not StateVerb.CHANGE:
            del self.fields["value"]

    def clean_typed(self) -> str:
        """Refuse anything but the service's name."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self._service:
            raise forms.ValidationError(_("That is not the name of the service. Nothing was done."))
        return typed
