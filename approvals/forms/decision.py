"""The form of the decision panel."""

from typing import Any

from django import forms

from approvals.models import ApprovalRequest, Decision
from approvals.services.decide import LONGEST_NOTE


class DecisionForm(forms.Form):
    """The note, what the page showed, and the answer when a question is asked.

    `seen` is the digest of the arguments on the page: nobody decides on what they did not see.
    """

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def __init__(self, request: ApprovalRequest, seen: str, data: Any = None, draft: Decision | None = None) -> None:
        """Make the form.

        Args:
            seen: the digest of what the page shows now.
            draft: a decision that was taken back, whose words are offered again.
        """
        words = {"note": draft.note, "answer": draft.answer} if draft else {}
        super().__init__(data, initial={"seen": seen} | words)
        if request.question and not request.has_form:
            self.fields["answer"] = _answer_field(request)


def _answer_field(request: ApprovalRequest) -> forms.Field:
    # Not required here: the same form refuses to answer. The verb asks for one.
    if request.choices:
        return forms.ChoiceField(
            required=False, choices=[(choice, choice) for choice in request.choices], widget=forms.RadioSelect
        )
    return forms.CharField(required=False, max_length=LONGEST_NOTE)
