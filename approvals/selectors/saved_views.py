"""Which saved views a person has."""

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404

from approvals.models import SavedView


def views_for(user: User) -> list[SavedView]:
    """Return the views of ``user``, and those that others share with their groups, by name."""
    views = SavedView.objects.filter(Q(owner=user) | Q(team__user=user)).select_related("team")
    return list(views.distinct().order_by("name", "pk"))


def get_view_of(user: User, view_id: int) -> SavedView:
    """Return a view that ``user`` owns.

    Raises:
        Http404: they own none with this id.
    """
    view = SavedView.objects.filter(owner=user, pk=view_id).first()
    if view is None:
        raise Http404
    return view
