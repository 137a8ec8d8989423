"""The form that keeps a list under a name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from approvals.services.saved_views import LONGEST_QUERY


class SavedViewForm(forms.Form):
    """A name, and the group that it is shared with, if any. The list itself is in the address."""

    name = forms.CharField(max_length=60, label=_("Name"))
    query = forms.CharField(max_length=LONGEST_QUERY, required=False, widget=forms.HiddenInput)
    team = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("For"))

    def __init__(self, groups: Sequence[Group], data: Any = None) -> None:
        """Make the form for a member of ``groups``."""
        super().__init__(data)
        shared = [(str(group.pk), _("me and %(group)s") % {"group": group.name}) for group in groups]
        self.fields["team"].choices = [("", _("me alone")), *shared]  # type: ignore[attr-defined]
