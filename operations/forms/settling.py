"""The form that stands between an operator and a wait."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from approvals.errors import InvalidInput
from approvals.forms.value import WORDS, ValueFields, value_in
from approvals.presentation.choices import Words
from approvals.presentation.words import problem_in_words
from approvals.services.decide import LONGEST_NOTE
from operations.services.settle import Settlement

_REJECT: Final = "reject"


class SettlingForm(forms.Form):
    """Asks what the wait is answered with, why, and for the name of the run's service, typed.

    ``seen`` is the digest of what was shown. What is refused for another reason keeps it, so that nothing that has
    changed meanwhile is decided on unsaid.
    """

    reason = forms.CharField(label=_("Reason, for the record"), max_length=1000, widget=forms.Textarea({"rows": 2}))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    typed = forms.CharField(widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, service: str, *arguments: Any, **options: Any) -> None:
        """Make it for the name of the run's service; the rest goes to Django's own."""
        super().__init__(*arguments, **options)
        self._service = service
        self.fields["typed"].label = _("Type %(confirmation)s to confirm") % {"confirmation": service}
        self.answer: dict[str, Any] = {}

    @property
    def chosen(self) -> str:
        """How it is to be answered, as it was posted."""
        return ValueFields.of(self.data).chosen

    @property
    def written(self) -> str:
        """What is written, as it was posted."""
        return ValueFields.of(self.data).written

    @property
    def choices(self) -> list[tuple[str, Words]]:
        """How it can be answered."""
        return [*WORDS.items(), (_REJECT, _("Reject it: the text below is the error that the run is told"))]

    def clean_typed(self) -> str:
        """Refuse anything but the service's name."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self._service:
            raise forms.ValidationError(_("That is not the name of the service. Nothing was done."))
        return typed

    def clean(self) -> dict[str, Any]:
        """Read the answer; what is wrong with it stands beside it, and nothing typed is lost."""
        try:
            self.answer = {"text": self._text()} if self.chosen == _REJECT else {"value": value_in(self.data)}
        except InvalidInput as error:
            words = problem_in_words(error)
            raise forms.ValidationError(f"{words[:1].upper()}{words[1:]}.") from error
        return self.cleaned_data

    def shown_anew(self, seen: str) -> "SettlingForm":
        """Return the form with all that was typed, beside what is shown now."""
        return SettlingForm(self._service, {**{name: self.data.get(name) for name in self.data}, "seen": seen})

    def settlement(self) -> Settlement:
        """Return what is to be done, of a form that is valid."""
        return Settlement(*(self.cleaned_data[name] for name in ("reason", "typed", "seen")), **self.answer)

    def _text(self) -> str:
        text = self.written.replace("\r\n", "\n").strip()
        if not text:
            raise InvalidInput("value", "write what the run is told as its error")
        if len(text) > LONGEST_NOTE:
            raise InvalidInput("value", "write {} characters or fewer", LONGEST_NOTE)
        if "\x00" in text:
            raise InvalidInput("value", "the text holds a character that can't be kept")
        return text
