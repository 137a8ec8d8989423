"""Django's admin, for users, groups and agent services."""

from django.contrib.admin.apps import AdminConfig


class CountersignAdminConfig(AdminConfig):
    """The admin, which names the product."""

    def ready(self) -> None:
        """Set the titles once the apps are loaded."""
        super().ready()
        from django.contrib import admin

        admin.site.site_header = admin.site.site_title = "Countersign administration"
