"""Requests a minute by tenant: a bucket that fills as time passes, so that a burst is served and a flood is not."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from domain.refusals import TooMany
from services.limits import requests_a_minute

MOST_TENANTS = 10_000


@dataclass
class Bucket:
    """Requests left, as of a moment."""

    left: float
    at: float


class Limits(ASGIMiddleware):
    """One tenant's programs cannot take the others' share. Each process counts for itself."""

    scopes = (ScopeType.HTTP,)
    exclude_path_pattern = r"^/schema(/|$)"

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[UUID, Bucket] = OrderedDict()

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Count the request against its tenant; 429 when the minute's share is used up."""
        actor = scope["state"].get("actor")
        if actor is not None and not self.allow(actor.tenant_id, await requests_a_minute(actor.tenant_id)):
            raise TooMany(
                "requests.too_many",
                "Your company has used up its requests for this minute.",
                "Wait for the seconds named in Retry-After, or ask for a larger plan.",
            )
        await next_app(scope, receive, send)

    def allow(self, tenant_id: UUID, a_minute: int) -> bool:
        """Whether one more request is within `a_minute`, and count it."""
        now = self._clock()
        bucket = self._buckets.setdefault(tenant_id, Bucket(a_minute, now))
        self._buckets.move_to_end(tenant_id)
        if len(self._buckets) > MOST_TENANTS:
            self._buckets.popitem(last=False)
        bucket.left = min(float(a_minute), bucket.left + (now - bucket.at) * a_minute / 60)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
