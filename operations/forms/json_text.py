"""JSON as somebody types it."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.presentation.stored import compact


class JsonTextField(forms.CharField):
    """Takes any JSON, and gives it as it is kept and sent: bytes on one line. None for nothing, where that may be."""

    widget = forms.Textarea({"spellcheck": "false", "class": "code"})

    def clean(self, value: Any) -> bytes | None:
        """Return the JSON, or say where it is none."""
        typed: str = super().clean(value)
        if not typed:
            return None
        try:
            return compact(typed)
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno, "problem": error.msg}
            said = _("That is not JSON, from line %(line)s, column %(column)s on: %(problem)s.")
            raise forms.ValidationError(said, params=where) from error
        except (ValueError, RecursionError) as error:
            said = _("That can't be kept as JSON: %(problem)s.")
            raise forms.ValidationError(said, params={"problem": error}) from error
