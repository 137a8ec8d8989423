"""What a request can be found by."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper

from approvals.models.request import ApprovalRequest


class SearchEntry(models.Model):
    """The words of a request: title, agent, tool, arguments and people, then the notes and answers of its decisions
    and the comments on it. The database keeps it (see the fifth migration).

    Its `vector` also holds marks that no word can be, since they begin with a space: the groups, the requester, the
    agent, the tool, and whether it waits (see `selectors.searching`).

    A table of its own: the request's row changes often, and each change would be one of the large indexes here.
    """

    request = models.OneToOneField(ApprovalRequest, primary_key=True, on_delete=models.CASCADE, related_name="search")
    words = models.TextField()
    # Without a language's stemming: agents write in any, and arguments in none.
    vector = SearchVectorField(null=True, editable=False)

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="search_by_word"),
            GinIndex(OpClass(Upper("words"), name="gin_trgm_ops"), name="search_by_part"),
        ]

    def __str__(self) -> str:
        return f"words of #{self.request_id}"
