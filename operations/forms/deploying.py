"""The forms with which deployments are registered and removed."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.forms.steering import ReasonForm

_TYPED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class AddressForm(forms.Form):
    """Asks which address to register."""

    uri = forms.CharField(
        label=_("Address of the endpoint"),
        max_length=2000,
        widget=forms.TextInput({"inputmode": "url", "placeholder": "http://127.0.0.1:9081", **_TYPED}),
    )
    force = forms.BooleanField(
        label=_("Force: overwrite what is registered at this address, and let services change their kind"),
        required=False,
    )

    def clean_uri(self) -> str:
        """Refuse what is no address, and one with a password in it: all who see the console would read that."""
        uri: str = self.cleaned_data["uri"]
        if not _is_address(uri):
            raise forms.ValidationError(_("That is no address. It begins with http:// or https://, and names a host."))
        if urlsplit(uri).username is not None:
            raise forms.ValidationError(_("Leave name and password out: everybody who sees deployments would read it."))
        return uri


class ConfirmingForm(ReasonForm):
    """Asks for a reason; where something that goes on or is to come breaks also for the address, typed."""

    typed = forms.CharField(required=False, widget=forms.TextInput(_TYPED))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, typed: str, *arguments: Any, **options: Any) -> None:
        """Make it for what has to be typed, empty for nothing; the rest goes to Django's own."""
        super().__init__(*arguments, **options)
        self._typed = typed
        if typed:
            self.fields["typed"].label = _("Type %(text)s to confirm") % {"text": typed}
        else:
            del self.fields["typed"]

    def clean_typed(self) -> str:
        """Refuse anything but what was asked for."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed != self._typed:
            raise forms.ValidationError(_("That is not the address. Nothing was done."))
        return typed


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and text.isascii() and not any(map(str.isspace, text))
