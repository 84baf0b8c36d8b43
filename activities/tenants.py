"""Rounds over all tenants: the trouble of one is told and stops no other's."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import asyncpg


@contextmanager
def apart(log: logging.Logger, what: str, tenant_id: UUID) -> Iterator[None]:
    """What fails inside is logged by its kind and place, never by its words, and is left to the next round. An outage is
    everybody's and goes on up."""
    try:
        yield
    except (OSError, asyncpg.InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the tenants after this one are waiting
        frames = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s of tenant %s postponed: %s\n%s", what, tenant_id, type(error).__name__, frames)
