"""What somebody typed on a page that was made for other arguments than those that are proposed now."""

from itertools import chain

from django.http import QueryDict

from approvals.forms.answering import form_of
from approvals.forms.arguments import ArgumentsForm
from approvals.forms.growing import write_start
from approvals.forms.names import posted_name, rows_name, state_name
from approvals.forms.parts import Leaf, Rows
from approvals.models import ApprovalRequest
from approvals.rules.editing import Arguments
from approvals.rules.merging import merged


def rebased(request: ApprovalRequest, *, base: Arguments, proposed: Arguments, data: QueryDict) -> ArgumentsForm:
    """Return the form for what is proposed now, with what differs in ``data`` from ``base`` and nothing else of it.

    Args:
        base: the arguments that the posted page was made for.
    """
    typed = ArgumentsForm(request, base, data)
    typed.full_clean()
    posted = posted_by(drafting(request, base=base, mine=typed.edited(), proposed=proposed))
    for name in typed.errors.keys() & typed.fields.keys():
        # What does not fit is no value that could be merged, but what somebody typed.
        posted.setlist(posted_name(name), data.getlist(posted_name(name)))
    return ArgumentsForm(request, proposed, posted)


def drafting(request: ApprovalRequest, *, base: Arguments, mine: Arguments, proposed: Arguments) -> ArgumentsForm:
    """Return the form for what is proposed now, beginning with what ``mine`` changed of ``base``."""
    drafted = merged(base, mine, proposed)
    assert isinstance(drafted, dict)
    return form_of(request, proposed, drafted=drafted)


def posted_by(form: ArgumentsForm) -> QueryDict:
    """Return what a page would post that shows a form in which nobody has typed yet."""
    data = QueryDict(mutable=True)
    data[ArgumentsForm.MARKER] = "1"
    for part in chain.from_iterable(whole.walk() for whole in form.parts):
        data[state_name(part.name)] = "unset" if part.kind == "unset" else "set"
        if isinstance(part, Rows):
            data[rows_name(part.name)] = part.written
        elif isinstance(part, Leaf):
            write_start(data, posted_name(part.name), form.fields[part.name])
    return data
