"""People keep lists under names."""

from typing import Final
from urllib.parse import parse_qsl

from django.contrib.auth.models import Group, User
from django.db import transaction

from approvals.errors import InvalidInput
from approvals.models import SavedView
from approvals.rules.queue_query import QueueQuery

#: How many a person may own: each is counted with every list.
MOST_VIEWS = 20
#: Characters of a view's list, as its address writes it.
LONGEST_QUERY: Final = 2_000


@transaction.atomic
def save_view(*, owner: User, name: str, query: str, team: Group | None = None) -> SavedView:
    """Keep a list under a name; a view of the owner's with that name is replaced.

    Raises:
        InvalidInput: there is no name, they own too many, they share it with a group that is not theirs, or the list
            is longer than can be kept.
    """
    # The owner's row is what two saves of theirs wait for.
    User.objects.select_for_update().get(pk=owner.pk)
    if not name.strip():
        raise InvalidInput("name", "give it a name")
    if team is not None and not owner.groups.filter(pk=team.pk).exists():
        raise InvalidInput("team", "share it with a group that you belong to")
    others = SavedView.objects.filter(owner=owner).exclude(name=name.strip())
    if others.count() >= MOST_VIEWS:
        raise InvalidInput("name", "you have {} views already, remove one first", MOST_VIEWS)
    written = QueueQuery.read(dict(parse_qsl(query))).written()
    # An address grows when it is written anew: what was typed into it as it is becomes three characters or more.
    if len(written) > LONGEST_QUERY:
        raise InvalidInput("query", "the filters are too long to be kept")
    view, _created = SavedView.objects.update_or_create(
        owner=owner, name=name.strip(), defaults={"query": written, "team": team}
    )
    return view


@transaction.atomic
def remove_view(*, view: SavedView) -> None:
    """Forget a saved view."""
    view.delete()
