"""Who may see what. Nothing else in the inbox hands out a request to a person."""

from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from approvals.models import ApprovalRequest

VIEW_ALL = "approvals.view_approvalrequest"


def requests_visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """Return the requests that ``user`` may see: those of their groups, their own, or all with the permission."""
    requests = ApprovalRequest.objects.all()
    if user.has_perm(VIEW_ALL):
        return requests
    through = ApprovalRequest.groups.through
    in_group = through.objects.filter(approvalrequest=OuterRef("pk"), group__user=user)
    return requests.filter(Q(Exists(in_group)) | Q(requester=user.username))


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def may_see(user: User, request_id: int) -> bool:
    """Tell whether ``user`` may see a request now; somebody who was deactivated may not."""
    current = User.objects.filter(pk=user.pk, is_active=True).first()
    return current is not None and requests_visible_to(current).filter(pk=request_id).exists()
