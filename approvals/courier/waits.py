"""The round that asks reviewers about waits that nobody announces, where a rule says so."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from approvals.courier.lookout import Lookout
from approvals.models import WaitRule
from approvals.notify import WAITS_CHANNEL
from approvals.outages import DATABASE_AWAY
from approvals.rules.found_wait import found_wait
from approvals.selectors.waits import groups_asked, unannounced_among, wait_rules
from approvals.services.found import ask_about_wait
from restate_bridge.admin import Admin
from restate_bridge.errors import BridgeError, EngineAway
from restate_bridge.listed_run import Place, RunState
from restate_bridge.model_calls import read_story
from restate_bridge.run_filters import RunFilter
from restate_bridge.runs import list_runs
from restate_bridge.waits import Wait, waits_of

logger = logging.getLogger(__name__)

#: How many runs of a service are looked at in one sweep; the next sweep goes on behind them.
WINDOW: Final = 200
#: How many journals are read in one sweep.
AT_MOST: Final = 20
# A wait that can't be asked about would use up a place in each sweep, and fill the log.
_ODD_FOR: Final = timedelta(minutes=10)


class WaitSweep:
    """Looks for unannounced waits of those services that have a rule; without rules it asks the engine nothing."""

    name: Final = "the sweep for unannounced waits"
    channel: Final = WAITS_CHANNEL
    longest_wait: Final = 30.0
    breath: Final = 0.0

    def __init__(self, admin: Admin, lookout: Lookout, *, every: timedelta) -> None:
        """Make it; ``every`` is how often it looks."""
        self._admin, self._lookout, self._every = admin, lookout, every
        self._next: datetime | None = None
        self._places: dict[str, Place | None] = {}
        # Those in whose way something was, and until when they are passed over.
        self._odd: dict[str, datetime] = {}

    def work(self, now: datetime) -> bool:
        """Look once, if it is time to; there is never more to be done at once."""
        if self._next is not None and now < self._next:
            return False
        self._next = now + self._every
        rules = wait_rules()
        if rules and self._lookout.was_there:
            try:
                self._sweep(rules, now)
            except BridgeError as error:
                logger.warning("unannounced waits can't be looked for: %s", error)
                self._lookout.doubt()
        return False

    def next_due(self, now: datetime) -> datetime | None:
        """Return when it looks next."""
        return self._next

    def _sweep(self, rules: Sequence[WaitRule], now: datetime) -> None:
        left = AT_MOST
        self._odd = {known: until for known, until in self._odd.items() if now < until}
        for service in sorted({rule.service for rule in rules}):
            waits = [wait for wait in self._waits(service) if groups_asked(rules, service, wait.run.handler)]
            found = [wait for wait in unannounced_among(self._admin, waits, now=now) if wait.id not in self._odd]
            for wait in found[:left]:
                self._try_to_ask(wait, rules, now)
            left -= len(found[:left])

    def _waits(self, service: str) -> list[Wait]:
        """Return what the service's next runs wait on: from where the last sweep ended, and from the first again."""
        wanted = RunFilter(states=(RunState.WAITING,), service=service)
        runs = list_runs(self._admin, wanted, after=self._places.get(service), at_most=WINDOW)
        self._places[service] = runs[-1].place if len(runs) == WINDOW else None
        return waits_of(runs)

    def _try_to_ask(self, wait: Wait, rules: Sequence[WaitRule], now: datetime) -> None:
        try:
            self._ask(wait, rules)
        except (EngineAway, *DATABASE_AWAY):
            raise
        except Exception:
            # One wait's trouble, whatever a foreign run has in its journal, must not hold up the others.
            logger.exception("run %s: its wait could not be asked about", wait.run.id)
            self._odd[wait.id] = now + _ODD_FOR

    def _ask(self, wait: Wait, rules: Sequence[WaitRule]) -> None:
        story = read_story(self._admin, wait.run.id)
        groups = groups_asked(rules, wait.run.service, wait.run.handler)
        ask_about_wait(wait=found_wait(wait, story), groups=groups)
