"""The form of a request: the arguments that may be edited, or the fields by which a question is answered."""

from typing import Any

from django.http import QueryDict

from approvals.forms.arguments import ArgumentsForm
from approvals.models import ApprovalRequest
from approvals.rules.changes import MISSING
from approvals.rules.editing import Arguments
from restate_bridge.contract import ANSWER


def form_of(
    request: ApprovalRequest, proposed: Arguments, data: QueryDict | None = None, drafted: Arguments | None = None
) -> ArgumentsForm:
    """Return the form of what is proposed now; the arguments are `ArgumentsForm`'s own.

    An answer is nothing that was proposed: its fields begin with what the schema says of them.
    """
    if not request.has_form:
        return ArgumentsForm(request, proposed, data, drafted)
    if data is not None and not ArgumentsForm.was_posted(data):
        data = None  # Posted from a page without the fields, as that of a comment is.
    unanswered: Any = {ANSWER: MISSING} | proposed
    return ArgumentsForm(request, unanswered, data, drafted, fresh="" if data is not None or drafted else ANSWER)
