"""The form in which a reviewer edits the editable arguments."""

from typing import Any, Final, Protocol

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _

from approvals.forms.bounds import misfit_in_words
from approvals.forms.growing import Growth, Held, Place
from approvals.forms.names import PREFIX
from approvals.forms.parts import Leaf, Part
from approvals.forms.schema_parts import schema_at
from approvals.forms.steps import Step, Stepped, focus_on, take
from approvals.rules.changes import MISSING, Change, changes_between, same
from approvals.rules.editing import Arguments, InvalidEdit, can_be_set, invalid_in, value_at, with_edits
from restate_bridge.contract import UnserialisableArguments, canonical_json

#: The form in the decision panel that the fields, which stand in the table of arguments, belong to.
DECISION_FORM_ID: Final = "decide"


class Editable(Protocol):
    """What has arguments that are edited, such as a request: their schema, and the dotted paths that may be."""

    @property
    def arguments_schema(self) -> Any:
        """The JSON schema of the arguments, an object's."""

    @property
    def editable(self) -> Any:
        """The dotted paths."""


class ArgumentsForm(forms.Form):
    """The parts of each editable argument, made from the tool's schema; a field for each that can't be taken apart.

    Attributes:
        parts: a tree for each editable argument that is there, or could be.
    """

    prefix = PREFIX
    #: Posted along with the fields. It can't be the name of one: those begin with the prefix and a hyphen.
    MARKER: Final = "editing"

    def __init__(
        self,
        request: Editable,
        proposed: Arguments,
        data: QueryDict | None = None,
        drafted: Arguments | None = None,
        fresh: str = "",
    ) -> None:
        """Make the form for what is proposed now.

        Args:
            data: what was posted, if anything was.
            drafted: arguments that the fields begin with instead of the proposed ones.
            fresh: the name of a part that was just added.
        """
        super().__init__(data)
        self._request, self._proposed, self._drafted = request, proposed, drafted
        growth = Growth(request.arguments_schema, data, fresh)
        paths = [path for path in outermost(request.editable) if can_be_set(proposed, path)]
        self.parts = [self._grow(growth, path) for path in paths]
        self.fields |= growth.fields
        for part in self._all_parts().values():
            if isinstance(part, Leaf):
                _attach(self.fields[part.name], part)
                part.bound = self[part.name]

    def _grow(self, growth: Growth, path: str) -> Part:
        held = Held(value_at(self._proposed, path), value_at(self._drafted or self._proposed, path))
        # As in the table: where a tool takes one object, its name goes without saying.
        label = path.removeprefix(f"{next(iter(self._proposed))}.") if len(self._proposed) == 1 else path
        return growth.grow(schema_at(self._request.arguments_schema, path), held, Place((path,), label))

    @classmethod
    def was_posted(cls, data: QueryDict) -> bool:
        """Tell whether the page that was posted held the fields."""
        return cls.MARKER in data

    @property
    def holds_typed(self) -> bool:
        """Whether the fields hold what somebody typed, and not just what is proposed."""
        return self.is_bound or bool(self._drafted)

    def is_valid(self) -> bool:
        """Tell whether all fits, parts that have no field of their own too."""
        return super().is_valid() and not any(part.problems for part in self._all_parts().values())

    def after(self, step: Step) -> "ArgumentsForm":
        """Return the form as it is after a step, with all that was typed and without complaints about it."""
        assert isinstance(self.data, QueryDict)
        stepped = take(step, self._all_parts(), self.data)
        form = ArgumentsForm(self._request, self._proposed, stepped.data, fresh=stepped.fresh)
        form._hush()
        form._focus(stepped)
        return form

    def edits(self) -> dict[str, Any]:
        """Return ``{dotted path: new value}`` for what differs from the proposal; what is wrong stays as it was."""
        edits = {}
        for part in self.parts:
            value = part.value(self._typed())
            if value is not MISSING and not same(part.was, value):
                edits[str(part.steps[0])] = value
        return edits

    def changes(self) -> list[Change]:
        """Return what is changed so far, as deep down as it can be told."""
        return changes_between(self._proposed, self.edited())

    def complaints(self) -> list[tuple[Part, str]]:
        """Return what is wrong, in sentences, each with the part that it is about."""
        return [
            (part, text)
            for part in self._all_parts().values()
            for text in [*part.problems, *(self.errors.get(part.name, []) if isinstance(part, Leaf) else [])]
        ]

    def clean(self) -> None:
        """Check the result against the tool's schema, and show what is wrong at its part."""
        if self.errors:
            return
        edited = self.edited()
        try:
            canonical_json(edited)
        except UnserialisableArguments:
            self.add_error(None, _("a value can't be written exactly as JSON"))
            return
        for error in invalid_in(self._request.arguments_schema, edited):
            self._complain(error)

    def edited(self) -> Arguments:
        """Return the arguments with the edits, whether they fit or not."""
        return with_edits(self._proposed, self.edits(), editable=self._request.editable)

    def _typed(self) -> dict[str, Any]:
        if self.is_bound:
            self.errors  # noqa: B018 - reading them is what cleans
            return self.cleaned_data
        return {name: field.initial for name, field in self.fields.items()}

    def _complain(self, error: InvalidEdit) -> None:
        part, words = self._part_at(error.path), misfit_in_words(error)
        if part is None:
            self.add_error(None, f"{error.path}: {words}" if error.path else words)
        elif isinstance(part, Leaf):
            self.add_error(part.name, words)
        else:
            part.problems.append(words)

    def _part_at(self, path: str) -> Part | None:
        """Return the innermost part that a dotted path leads into."""
        for part in self.parts:
            whole = str(part.steps[0])
            if path == whole or path.startswith(whole + "."):
                return _innermost(part, path.removeprefix(whole).split(".")[1:])
        return None

    def _all_parts(self) -> dict[str, Part]:
        return {inner.name: inner for part in self.parts for inner in part.walk()}

    def _hush(self) -> None:
        """Read what was typed and forget what is wrong with it: who adds a row has not asked."""
        self.full_clean()
        self._errors = ErrorDict()
        for part in self._all_parts().values():
            part.problems.clear()

    def _focus(self, stepped: Stepped) -> None:
        part = self._all_parts().get(stepped.focus)
        if part is not None:
            focus_on(part, stepped.control)


def outermost(paths: list[str]) -> list[str]:
    """Return the paths that lie in no other of them."""
    return [path for path in dict.fromkeys(paths) if not any(path.startswith(other + ".") for other in paths)]


def _innermost(part: Part, steps: list[str]) -> Part:
    for step in steps:
        inner = part.child(step)
        if inner is None:
            return part
        part = inner
    return part


def _attach(made: forms.Field, leaf: Leaf) -> None:
    """Tie a field, which stands outside the form, to the form, and to what the page says about it."""
    made.widget.attrs |= {"form": DECISION_FORM_ID}
    # Never shown as it is: that there is one makes the control point to the place where the page says it.
    made.help_text = leaf.hint or leaf.bounds
