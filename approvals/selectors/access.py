"""Who may see what. Nothing else in the inbox hands out a request to a person."""

from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from approvals.models import ApprovalRequest, RequestGroup

VIEW_ALL = "approvals.view_approvalrequest"


def requests_visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """Return the requests that ``user`` may see: those of their groups, their own, or all with the permission."""
    return ApprovalRequest.objects.filter(visible_to(user))


def visible_to(user: User, *, path: str = "") -> Q:
    """Return the same as a condition on rows that refer to a request by ``path``: empty, or like ``request__``."""
    if user.has_perm(VIEW_ALL):
        return Q()
    in_group = RequestGroup.objects.filter(request=OuterRef(f"{path}pk"), group__user=user)
    # Not EXISTS: where PostgreSQL expects many rows, it would first read all that those groups were ever asked.
    return Q(IsNull(Subquery(in_group.values("pk")[:1]), False)) | Q(**{f"{path}requester": user.username})
