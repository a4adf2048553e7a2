"""How log lines look: plain text or JSON, always without e-mail addresses and telephone numbers."""

import logging
from typing import Any

import structlog
from structlog.typing import Processor

from delivery.redaction import redact


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, its traceback included, and blots contact data out of the whole."""

    def __init__(self, *, as_json: bool = False, **options: Any) -> None:
        shared: list[Processor] = [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ]
        rendering: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
        if as_json:
            rendering += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        else:
            plain = structlog.dev.plain_traceback
            rendering.append(structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain))
        super().__init__(processors=rendering, foreign_pre_chain=shared, **options)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
