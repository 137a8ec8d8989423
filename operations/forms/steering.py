"""The form that stands between an operator and a run."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.rules.control import TYPED, Verb

_WITH_A_CHOICE_OF_CODE = frozenset({Verb.RESUME, Verb.RESTART})
_CODES = [("keep", _("the version that it had")), ("latest", _("the latest version"))]


class ReasonForm(forms.Form):
    """Asks for a reason."""

    reason = forms.CharField(label=_("Reason, for the record"), max_length=1000, widget=forms.Textarea({"rows": 2}))


class SteeringForm(ReasonForm):
    """Asks for a reason; where work is lost or done again also for the name of the run's service, typed."""

    typed = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}))
    deployment = forms.ChoiceField(
        label=_("With which code"),
        choices=_CODES,
        required=False,
    )
    entry = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    restarts = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    not_confirmed = _("That is not the name of the service. Nothing was done.")

    def __init__(
        self,
        verb: Verb,
        confirmation: str,
        *arguments: Any,
        codes: Sequence[tuple[str, str]] = (),
        has_its_code: bool = True,
        **options: Any,
    ) -> None:
        """Make it for a verb and what confirms it, the name of the run's service; the rest goes to Django's own.

        Args:
            codes: the deployments that can be chosen besides what it had and the latest: id and words.
            has_its_code: whether there is still what it had.
        """
        super().__init__(*arguments, **options)
        code = self.fields["deployment"]
        assert isinstance(code, forms.ChoiceField)
        self._codes = _CODES if has_its_code else _CODES[1:]
        code.choices = [*self._codes, *codes]
        self._confirmation = confirmation
        if verb in TYPED:
            self.fields["typed"].label = _("Type %(confirmation)s to confirm") % {"confirmation": confirmation}
        else:
            del self.fields["typed"]
        if verb not in _WITH_A_CHOICE_OF_CODE:
            del self.fields["deployment"]
        if verb is not Verb.RESTART:
            del self.fields["entry"], self.fields["restarts"]

    def clean_typed(self) -> str:
        """Refuse anything but what confirms it."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self._confirmation:
            raise forms.ValidationError(self.not_confirmed)
        return typed

    def clean_deployment(self) -> str:
        """Keep the code that the run had, where there still is that, unless something else is chosen."""
        return self.cleaned_data["deployment"] or self._codes[0][0]

    def clean_entry(self) -> int:
        """Keep the input alone unless something else is chosen."""
        return self.cleaned_data["entry"] or 0

    def clean_restarts(self) -> int:
        """Take it that no restart was seen unless the page has shown one."""
        return self.cleaned_data["restarts"] or 0

    def note_restarts(self, number: int) -> None:
        """Have the form say, where it is shown again, that so many restarts were seen."""
        self.data = {**dict(self.data.items()), "restarts": str(number)}


class SteeringTogetherForm(SteeringForm):
    """Asks the same for many runs: their number confirms it, and a restart begins from the beginning."""

    not_confirmed = _("That is not the number of the runs. Nothing was done.")

    def __init__(self, verb: Verb, number: int, *arguments: Any, **options: Any) -> None:
        """Make it for a verb and the number of runs."""
        super().__init__(verb, str(number), *arguments, **options)
        self.fields.pop("entry", None)
        self.fields.pop("restarts", None)
