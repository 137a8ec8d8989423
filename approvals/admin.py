"""The administrators' view of agent services. Requests and their record are not for editing."""

from django.contrib import admin

from approvals.models import AgentService, WaitRule


@admin.register(AgentService)
class AgentServiceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Shows services and revokes them; tokens are made by ``manage.py register_agent_service``."""

    list_display = ("name", "created_at", "revoked_at")
    readonly_fields = ("name", "created_at")
    fields = ("name", "created_at", "revoked_at")

    def has_add_permission(self, request: object) -> bool:
        """A token is shown once, on the command line, and never in a page."""
        return False


@admin.register(WaitRule)
class WaitRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Says which groups are asked about the unannounced waits of a service."""

    list_display = ("service", "handler")
    filter_horizontal = ("groups",)
