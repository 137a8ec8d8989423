"""Log lines as JSON objects, one a line, on standard error; nothing secret goes into them."""

import json
import logging
import sys
import warnings
from datetime import UTC, datetime
from typing import Final, override

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object: when, how grave, who says it, what, and whatever it carries besides."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure() -> None:
    """Log this process's lines as JSON, and only warnings of the libraries below it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "google_adk", "google_genai"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns at every start that Restate's app has no lifespan, which is as it should be.
    logging.getLogger("hypercorn").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    warnings.filterwarnings("ignore", message=r".*EXPERIMENTAL.*")
