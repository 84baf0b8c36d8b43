"""A stream of what changes, so that programs need not ask again and again."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Controller, Request, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from domain.refusals import Refusal, Unavailable
from domain.tenancy import Actor
from services.live import Live
from services.tenancy import sign_in

# A proxy ends a silent connection after a minute or so.
ALIVE_EVERY = 20.0


class Changes(Controller):
    """What changes, as it changes."""

    tags = ("Tenant",)

    @get("/changes", media_type="text/event-stream")
    async def watch_changes(self, actor: Actor, request: Request[Any, Any, Any]) -> ServerSentEvent:
        """Server-sent events named `changed`, each with the names of this tenant's tables that changed: `["work_items"]`.

        The stream ends when the sign-in ends. No event says what changed: ask for that as usual.
        """
        live: Live | None = request.app.state.get("live")
        if live is None:
            raise Unavailable(
                "changes.unavailable", "Changes cannot be watched here.", "Ask again from time to time."
            )
        return ServerSentEvent(_events(actor, live))


async def _events(actor: Actor, live: Live) -> AsyncIterator[ServerSentEventMessage]:
    """Until the client goes or the actor may no longer look; who they are is asked anew before every event."""
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    unwatch = live.watch(actor.tenant_id, heard.put)
    try:
        yield ServerSentEventMessage(None, comment="watching")
        async with aclosing(_batches(heard)) as batches:
            async for tables in batches:
                actor = await sign_in.actor_again(actor, active=False)
                yield _message(tables)
    except Refusal:
        return  # the sign-in or the membership has ended, and so does the stream
    finally:
        unwatch()


async def _batches(heard: asyncio.Queue[frozenset[str]]) -> AsyncGenerator[frozenset[str], None]:
    """What is heard; an empty set when nothing was for a while."""
    while True:
        try:
            yield await asyncio.wait_for(heard.get(), ALIVE_EVERY)
        except TimeoutError:
            yield frozenset()


def _message(tables: frozenset[str]) -> ServerSentEventMessage:
    if not tables:
        return ServerSentEventMessage(None, comment="still here")
    return ServerSentEventMessage(json.dumps(sorted(tables)), event="changed")
