"""Who of many people may see which of many requests, in as many queries as for one of each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from approvals.models import ApprovalRequest, RequestGroup
from approvals.selectors.access import VIEW_ALL

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class _Reader:
    pk: int
    username: str
    sees_all: bool
    groups: frozenset[int]

    def may_see(self, requester: str, groups: Collection[int]) -> bool:
        return self.sees_all or self.username == requester or not self.groups.isdisjoint(groups)


def audience_of(request_ids: Collection[int], user_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return, by request, which of these users may see it now: what `requests_visible_to` says, the other way round.

    Somebody who was deactivated may see nothing. Two queries, however many there are of either; none when there is
    nobody to tell or nothing to tell of.
    """
    if not request_ids or not user_ids:
        return {}
    groups = RequestGroup.objects.filter(request=OuterRef("pk")).values("group")
    requests = ApprovalRequest.objects.filter(pk__in=request_ids).order_by()
    readers = _readers(user_ids)
    return {
        pk: frozenset(reader.pk for reader in readers if reader.may_see(requester, group_ids))
        for pk, requester, group_ids in requests.values_list("pk", "requester", ArraySubquery(groups))
    }


def _readers(user_ids: Collection[int]) -> list[_Reader]:
    groups = User.groups.through.objects.filter(user=OuterRef("pk")).values("group")
    permitted = User.objects.with_perm(VIEW_ALL, backend=_BACKEND).filter(pk=OuterRef("pk"))
    users = User.objects.filter(pk__in=user_ids, is_active=True)
    found = users.values_list("pk", "username", Exists(permitted), ArraySubquery(groups))
    return [_Reader(pk, username, sees_all, frozenset(group_ids)) for pk, username, sees_all, group_ids in found]
