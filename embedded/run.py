"""`make run`: start everything, say where it is, wait, stop everything."""

import sys
import time
from collections.abc import Mapping

from embedded import lock, ports, postgres, stopping
from embedded.environment import environment
from embedded.errors import SetupError
from embedded.settings import Settings, from_environment
from embedded.startup import Startup
from embedded.steps import say, sentence_or_exit
from embedded.supervisor import Supervisor


def main() -> int:
    """Run until Ctrl-C or SIGTERM; 0 is a run that was stopped, 1 one that failed."""
    began = time.monotonic()
    settings = from_environment()
    stopping.notice_signals()
    held = lock.acquire(settings.var)
    ports.check_free(settings.used_ports())
    if settings.database_url and not postgres.answers(settings.database_url):
        raise SetupError("No PostgreSQL server lets us in at the address in DATABASE_URL; check it, or unset it.")
    env = environment(settings)
    supervisor = Supervisor(env, held)
    startup = Startup(settings, env, supervisor)
    try:
        startup.bring_up()
        say(banner(settings, env, time.monotonic() - began))
        watch(supervisor)
    except stopping.Stop:
        say("\n  Stopping …")
    finally:
        stopping.ignore_signals()
        startup.abandon()
        supervisor.stop()
    say("  Stopped.")
    return 0


def banner(settings: Settings, env: Mapping[str, str], seconds: float) -> str:
    """What a person needs to know first."""
    return f"""
  Countersign is ready after {seconds:.1f} s

    Inbox        {env["COUNTERSIGN_PUBLIC_URL"]}
    Sign in as   reviewer, second-reviewer, operator, viewer, requester or admin
    Password     {env["COUNTERSIGN_DEMO_PASSWORD"]}
    Restate UI   {env["RESTATE_UI_URL"]}
    Logs         {settings.var / "log"}
    Stop         Ctrl-C
"""


def watch(supervisor: Supervisor) -> None:
    """Wait, and tell when a process died and was started again.

    Raises:
        Stop: someone asked us to stop.
        SetupError: the supervisor itself ended.
    """
    known = supervisor.pids()
    while True:
        stopping.pause(1)
        if not supervisor.running():
            raise SetupError("The supervisor has ended, and every process with it; start again with make run.")
        current = supervisor.pids()
        for program, pid in current.items():
            if pid and known.get(program) not in (pid, None):
                say(f"  {program} had died and was started again")
        known |= {program: pid for program, pid in current.items() if pid}


if __name__ == "__main__":
    sys.exit(sentence_or_exit(main))
