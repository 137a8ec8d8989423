"""Who is asked about waits that nobody announces."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class WaitRule(models.Model):
    """Puts the unannounced waits of a service into the inbox of some groups.

    One that names a handler goes before one for the whole service. A wait that no rule is about is found in the
    operators' console alone.
    """

    service = models.CharField(_("service"), max_length=200, help_text=_("The name of the Restate service."))
    handler = models.CharField(_("handler"), max_length=200, blank=True, help_text=_("Empty for all its handlers."))
    groups = models.ManyToManyField(
        Group,
        verbose_name=_("groups"),
        related_name="wait_rules",
        help_text=_("Their members see what the run's journal holds, and resolve or reject its waits."),
    )

    class Meta:
        verbose_name = _("rule for unannounced waits")
        verbose_name_plural = _("rules for unannounced waits")
        ordering = ["service", "handler"]
        constraints = [models.UniqueConstraint(fields=["service", "handler"], name="one_rule_a_service_and_handler")]

    def __str__(self) -> str:
        return f"{self.service}/{self.handler}" if self.handler else self.service
