"""The form in which a reviewer edits the editable arguments."""

from typing import Any, Final

from django import forms
from django.http import QueryDict

from approvals.forms.schema_fields import field_for
from approvals.forms.schema_parts import schema_at
from approvals.models import ApprovalRequest
from approvals.rules.editing import Arguments, InvalidEdit, apply_edits, changed_paths, value_at
from restate_bridge.contract import UnserialisableArguments

#: The form in the decision panel that the fields, which stand in the table of arguments, belong to.
DECISION_FORM_ID: Final = "decide"


class ArgumentsForm(forms.Form):
    """A field for each editable argument, named by its dotted path, made from the tool's schema."""

    prefix = "edit"
    #: Posted along with the fields. It can't be the name of one: those begin with the prefix and a hyphen.
    MARKER: Final = "editing"

    def __init__(
        self, request: ApprovalRequest, proposed: Arguments, data: Any = None, drafted: Arguments | None = None
    ) -> None:
        """Make the form for what is proposed now.

        Args:
            data: what was posted, if anything was.
            drafted: arguments that the fields begin with instead of the proposed ones.
        """
        super().__init__(data)
        self._request, self._proposed = request, proposed
        for path in request.editable:
            field = field_for(schema_at(request.arguments_schema, path), value_at(proposed, path))
            field.initial = value_at(drafted or proposed, path)
            field.label = path
            field.widget.attrs |= {"form": DECISION_FORM_ID}
            self.fields[path] = field

    @classmethod
    def was_posted(cls, data: QueryDict) -> bool:
        """Tell whether the page that was posted held the fields."""
        return cls.MARKER in data

    def edits(self) -> dict[str, Any]:
        """Return ``{dotted path: new value}`` for what differs from the proposal. Call after `is_valid`."""
        new = {path: self.cleaned_data[path] for path in self._request.editable}
        flat_old = {path: value_at(self._proposed, path) for path in new}
        return {path: value for path, value in new.items() if _differs(flat_old[path], value)}

    def clean(self) -> None:
        """Check the result against the tool's schema, and show what is wrong at its field."""
        if self.errors:
            return
        try:
            apply_edits(
                self._proposed,
                self.edits(),
                editable=self._request.editable,
                schema=self._request.arguments_schema,
            )
        except InvalidEdit as error:
            self.add_error(error.path if error.path in self.fields else None, str(error))
        except UnserialisableArguments:
            self.add_error(None, "a value can't be written exactly as JSON")


def _differs(old: Any, new: Any) -> bool:
    return bool(changed_paths({"value": old}, {"value": new}, ["value"]))
