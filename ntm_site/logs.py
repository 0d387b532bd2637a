"""One JSON object per log record, on one line, without what could name a person."""

import json
import logging
from datetime import UTC, datetime


class OneLine(logging.Formatter):
    """Time, level, logger, message and, for an exception, its traceback with `\\n` inside.

    Query strings and PostgreSQL's DETAIL lines (they quote rows) are left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if status := getattr(record, "status_code", None):
            entry["status"] = status
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            entry["trace"] = "\n".join(line for line in trace if not line.startswith("DETAIL:"))
        return json.dumps(entry, ensure_ascii=False, default=str)
