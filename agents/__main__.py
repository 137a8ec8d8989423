"""``python -m agents``: serve the sample agents to Restate."""

import asyncio
import logging
import os
import sys

from agents import log_lines
from agents.approval.errors import ConfigurationError
from restate_bridge.contract import start_tracing, stop_tracing, tracing_is_wanted


def main() -> int:
    """Serve until told to stop; return the exit status, 2 for a setting that is missing or wrong."""
    log_lines.configure()
    # ADK would trace every model call; the journal already tells the story. Ours are another matter.
    if not tracing_is_wanted():
        os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    start_tracing("agents")
    try:
        from agents.approval.configuration import countersign
        from agents.approval.dry_run import is_dry_run
        from agents.approval.sealing import journal_codec

        journal_codec()  # Before the services are made: they say in their metadata whether there are keys.
        from agents.environment import Environment
        from agents.service import run

        if is_dry_run():
            logging.getLogger("agents").warning("dry run: nobody is asked, and no gated tool does anything")
        else:
            countersign()
        asyncio.run(run(Environment.read()))
        stop_tracing()
        logging.shutdown()
        # Everything is in the journal, and tearing down what ADK imports takes longer than all of stopping.
        os._exit(0)
    except ConfigurationError as error:
        print(f"The agents can't start: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
