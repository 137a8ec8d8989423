"""``manage.py register_agent_service NAME``: let a process that hosts agents announce requests."""

import os
import secrets
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from approvals.services.agents import RevokedToken, register_agent_service

_SHORTEST: Final = 32


class Command(BaseCommand):
    """Register an agent service; its token is given in COUNTERSIGN_AGENT_TOKEN, or made and printed once."""

    help = "Register an agent service and its token (COUNTERSIGN_AGENT_TOKEN, or a new one that is printed once)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the service's name."""
        parser.add_argument("name", help="what the record calls the service")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register it, or give it the new token."""
        given = os.environ.get("COUNTERSIGN_AGENT_TOKEN", "")
        if given and len(given) < _SHORTEST:
            raise CommandError(f"COUNTERSIGN_AGENT_TOKEN must have {_SHORTEST} characters or more.")
        token = given or secrets.token_urlsafe(_SHORTEST)
        try:
            register_agent_service(name=options["name"], token=token)
        except RevokedToken as error:
            raise CommandError(str(error)) from error
        if not given:
            self.stdout.write(token)
