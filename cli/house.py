"""What every role of the program opens first: the database, the adapters, and the way to Temporal."""

import asyncio
import base64
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from temporalio.client import Client

from activities import courier
from activities.ports import Ports, install
from database import session
from integrations import pdf_processes
from integrations.clearinghouse import HttpPracticeDesk
from integrations.mail import Mail, mail_of
from integrations.payments import FilePayments
from integrations.temporal import connect
from services.sheets.taking import take_portion
from settings import Settings, SettingsError

log = logging.getLogger("caseload")


_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        event = {"at": at, "level": record.levelname, "logger": record.name, "event": record.getMessage()}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps(event)


class Redacted(logging.Filter):
    """The SDK logs exception messages of failed activities in clear; only types and codes may reach a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop the exception's text, keep its type."""
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{record.getMessage()} [{record.exc_info[0].__name__}]"
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def start_logging(settings: Settings) -> None:
    """One handler to standard output, with the SDK's exception texts redacted."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Json() if settings.log_format == "json" else logging.Formatter(_TEXT))
    for name in ("temporalio.activity", "temporalio.workflow", "temporalio.worker"):
        logging.getLogger(name).addFilter(Redacted())
    handler.addFilter(_sdk_redaction)
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _sdk_redaction(record: logging.LogRecord) -> bool:
    return Redacted().filter(record) if record.name.startswith("temporalio") else True


def master_key(settings: Settings) -> bytes:
    """The 32 bytes that wrap every tenant's key."""
    return base64.b64decode(settings.master_key_text())


@asynccontextmanager
async def opened(settings: Settings, *, works: bool = False) -> AsyncIterator[Client]:
    """The database pool, the adapters and a Temporal client. With `works` it is connected, as a worker needs it, and
    waits for a server that starts after us; otherwise it connects at its first call."""
    key = master_key(settings)
    await session.start(settings.required("database_url"), key, max_size=settings.database_pool_size)
    client = await (_connected(settings, key) if works else _client(settings, key, lazy=True))
    desk = HttpPracticeDesk(settings.sandbox_control_url) if settings.sandbox_control_url else None
    payments = FilePayments(settings.data / "billing-customers.jsonl")
    install(
        Ports(
            payments,
            desk,
            batch_seconds=settings.batch_seconds,
            private_hosts=settings.private_hosts,
            take_sheet_portion=take_portion,
            mail=_mail(settings),
            pages=_pages(settings),
        )
    )
    courier.start(client)
    try:
        yield client
    finally:
        courier.start(None)
        install(None)
        await asyncio.to_thread(pdf_processes.stop)
        await session.stop()


def _mail(settings: Settings) -> Mail:
    try:
        return mail_of(settings.smtp_url, settings.mail_sender, settings.data / "mail")
    except ValueError as error:
        raise SettingsError(f"CASELOAD_SMTP_URL: {error}") from error


def _pages(settings: Settings) -> str:
    """The address of a tenant's pages with `{}` for its subdomain."""
    port = settings.public_port_in_use
    shown = "" if port in (80, 443) else f":{port}"
    return f"{settings.public_scheme}://{{}}.{settings.base_domain}{shown}"


async def _connected(settings: Settings, key: bytes) -> Client:
    while True:
        try:
            return await _client(settings, key, lazy=False)
        except RuntimeError as error:  # what the SDK raises when nobody answers
            log.info("waiting for Temporal: %s", type(error).__name__)
            await asyncio.sleep(1)


async def _client(settings: Settings, key: bytes, *, lazy: bool) -> Client:
    return await connect(
        settings.temporal_address,
        key,
        namespace=settings.temporal_namespace,
        tls=settings.temporal_tls,
        api_key=settings.temporal_api_key or None,
        lazy=lazy,
    )
