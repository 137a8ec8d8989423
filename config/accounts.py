"""Who signs in, and what is read with them."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.db.models import Q


class AccountBackend(ModelBackend):
    """Django's own; a session's user comes with their preferences, which every page needs, in the same query."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user of a session, None when they may not sign in any more."""
        user = User.objects.select_related("preferences").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return what Django's own does, those of the user and of their groups, in one query instead of two."""
        if user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not user_obj.is_active:
            return set()
        if not hasattr(user_obj, "_all_permissions"):
            held = Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj)).order_by()
            names = held.values_list("content_type__app_label", "codename").distinct()
            user_obj._all_permissions = {f"{app}.{code}" for app, code in names}
        return set(user_obj._all_permissions)
