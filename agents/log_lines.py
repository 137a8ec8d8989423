"""Log lines as JSON objects, one a line, on standard error; nothing secret goes into them."""

import logging
import sys
import warnings
from contextlib import suppress

from restate.extensions import current_context

from restate_bridge.contract import AboutFilter, json_lines


class RunFilter(logging.Filter):
    """Puts on each record the run that it was logged in, if it was in one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with its ``run_id``."""
        with suppress(LookupError):  # there is none
            if (ctx := current_context()) is not None:
                record.run_id = ctx.request().id
        return True


def configure() -> None:
    """Log this process's lines as JSON, and only warnings of the libraries below it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_lines())
    handler.addFilter(AboutFilter())
    handler.addFilter(RunFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "google_adk", "google_genai"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns at every start that Restate's app has no lifespan, which is as it should be.
    logging.getLogger("hypercorn").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    warnings.filterwarnings("ignore", message=r".*EXPERIMENTAL.*")
