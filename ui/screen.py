"""One open tab: who is looking, which page they see, and how every click is answered.

Socket events are not authenticated by the framework: the actor is resolved from the session at the first request and
asked again at every event, so a revoked right or an ended session is refused at the next click.
"""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from nicegui import Client, ui
from nicegui.events import GenericEventArguments

from domain.refusals import NotAllowed, NotSignedIn, Refusal
from domain.tenancy import Actor
from policies.permissions import WORDS
from services.live import Live
from services.tenancy.sign_in import actor_again, actor_for, page_refused
from ui.frame import Frame
from ui.page import Event, Page, event_of, own_path, route
from ui.parts import states
from ui.parts.markup import EMPTY, Markup, text
from ui.region import Region
from ui.search import Search

log = logging.getLogger("caseload.ui")


@dataclass(frozen=True, slots=True)
class Visit:
    """What the first request said: the tenant's address, the session, the look that was chosen."""

    subdomain: str
    token: str
    theme: str


class Screen:
    """A tab of a signed-in person: a frame, a main region and a dialog above them."""

    def __init__(self, visit: Visit, live: Live | None) -> None:
        self.visit = visit
        self.live = live
        self.page: Page | None = None
        self.next_href = ""
        self.href = ""
        self.frame = Frame(self)
        self.search = Search()
        self.client: Client = ui.context.client
        # Search words that may name a patient: kept in the tab by the path they filter, never in an address.
        self.kept: dict[str, str] = {}
        # What the page has read ahead; only the page knows what it is.
        self.ahead: object = None
        self._unwatch: Callable[[], None] | None = None
        # One step at a time: a refresh that ends late must not paint over the page that a click has opened meanwhile.
        self._turn = asyncio.Lock()
        self._actor: Actor
        self._body: Markup = EMPTY

    async def current_actor(self, *, active: bool = True) -> Actor:
        """Who acts now: the same person with the rights of this moment, or a refusal."""
        self._actor = await actor_again(self._actor, active=active)
        return self._actor

    async def open(self, href: str) -> int:
        """Build the tab at its first request; the HTTP status that the page deserves. Not signed in is raised."""
        self._actor = actor = await actor_for(self.visit.token, self.visit.subdomain)
        await self.frame.load(actor)
        status = await self._turn_to(actor, href)
        self.frame_region = Region("frame", self.frame.markup(), "div")
        self.main = Region("main", self._body, "main").classes("main")
        self.over = Region("over", self.page.dialog if self.page else EMPTY, "div")
        self.main.on("act", self._acted)
        self.client.on_connect(self._watch)
        self.client.on_delete(self._stop_watching)
        return status

    async def _turn_to(self, actor: Actor, href: str) -> int:
        """Make the page at an address the current one, whatever it has to say."""
        self.href = href
        parts = urlsplit(href)
        query = dict(parse_qsl(parts.query))
        try:
            kind, params = route(parts.path)
            self.page = kind(self, actor, params, query)
            await _must_be_allowed(actor, kind)
            if onward := self.page.onward():
                self.next_href = onward
                return 303
            await self.page.load()
            self.page.loaded = True
            self._body = self._framed(self.page)
        except NotSignedIn:
            raise
        except Refusal as refusal:
            self._body = _whole(states.refused(refusal))
            return refusal.status
        except Exception as error:  # noqa: BLE001 - the page says that it broke and which id to quote
            self._body = _whole(states.broken(self.report(error)))
            return 500
        return 200

    def _framed(self, page: Page) -> Markup:
        return Markup(f'<div class="content{"" if page.wide else " narrow"}">{page.body()}</div>')

    async def _acted(self, message: GenericEventArguments) -> None:
        """Answer one step of the person: an action of the page, of the frame, or the way to another page."""
        async with self._turn:
            await self._answer(event_of(message.args))
        self.main.run_method("settled")
        await self._look_ahead()

    async def _answer(self, event: Event) -> None:
        try:
            actor = await self.current_actor()
            if event.name == "@go":
                await self._go(actor, event.args.get("href", "/"), bool(event.args.get("push")))
            else:
                await self._act(actor, event)
        except NotSignedIn:
            self.main.run_method("leave", f"/sign-in?back={_quoted(self.href)}")
        except Refusal as refusal:
            self.tell("bad", refusal.title, refusal.what_to_do)
        except Exception as error:  # noqa: BLE001 - shown with an id, logged without data
            failure = self.report(error)
            self.tell("bad", "This did not work.", f"What you typed is kept. If it stays, quote {failure}.")

    async def _act(self, actor: Actor, event: Event) -> None:
        page = self.page
        if self.search.knows(event.name):
            await self.search.act(actor, event)
            self.over.set_html(self.search.markup())
            if self.search.target:
                await self._go(actor, self.search.leave(), True)
            return
        handler = page.handler(event.name) if page and page.loaded else None
        if page is None or (handler is None and event.name != "@refresh"):
            return
        page.actor = actor
        page.unchanged = False
        refusal = await self._run(page, handler, event)
        if page.unchanged:
            return
        if self.next_href:
            href, self.next_href = self.next_href, ""
            await self._go(actor, href, True)
        else:
            await self._show(actor)
        if refusal:
            self._tell_unless_shown(page, refusal)

    async def _run(
        self, page: Page, handler: Callable[[Event], Awaitable[None]] | None, event: Event
    ) -> Refusal | None:
        try:
            if handler is not None:
                await handler(event)
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            await page.refused(refusal, event)
            return refusal
        return None

    def _tell_unless_shown(self, page: Page, refusal: Refusal) -> None:
        """A fault for which neither the dialog nor, without one, the page has a field is said in the corner."""
        shown = page.dialog or self._body
        if refusal.fields and not any(text(words) in shown for words in page.errors.values()):
            self.tell("bad", refusal.title, " ".join(page.errors.values()) or refusal.what_to_do)

    async def _go(self, actor: Actor, href: str, push: bool) -> None:
        href = own_path(href)
        self.search.close()
        path = urlsplit(href).path
        if push and path != urlsplit(self.href).path:
            self.kept.pop(path, None)
        self._show_ahead(actor, href)
        await self.frame.load(actor)
        await self._turn_to(actor, href)
        if self.next_href:
            # A page may lead on by itself, as a notification leads to what it is about.
            href, self.next_href = own_path(self.next_href), ""
            await self._turn_to(actor, href)
            await self.frame.load(actor)
        self._paint()
        title = f"{self.page.name} · Caseload" if self.page else "Caseload"
        self.main.run_method("went", href, title, push)

    def _show_ahead(self, actor: Actor, href: str) -> None:
        """Show at once what the page has read ahead for this address; the whole page follows, as it is by then."""
        page, parts = self.page, urlsplit(href)
        if page is None or not page.loaded or parts.path != urlsplit(self.href).path:
            return
        page.actor = actor
        if page.show_ahead(dict(parse_qsl(parts.query))):
            self._body = self._framed(page)
            self.main.set_html(self._body)

    async def _look_ahead(self) -> None:
        """Let the page read ahead; what goes wrong there is told when it is really asked for."""
        page = self.page
        if page is None or not page.loaded:
            return
        try:
            await page.look_ahead()
        except Refusal:
            self.ahead = None
        except Exception as error:  # noqa: BLE001 - nobody has asked for it yet; it is logged
            self.report(error)

    async def _show(self, actor: Actor) -> None:
        """Load the current page again and show what changed."""
        if self.page is None:
            return
        self.page.actor = actor
        try:
            await self.page.load()
            self.page.loaded = True
            self._body = self._framed(self.page)
        except NotSignedIn:
            raise
        except Refusal as refusal:
            self._body = _whole(states.refused(refusal))
        await self.frame.load(actor)
        self._paint()

    def _paint(self) -> None:
        self.frame_region.set_html(self.frame.markup())
        self.main.set_html(self._body)
        self.over.set_html(self.search.markup() or (self.page.dialog if self.page else EMPTY))

    def tell(self, tone: str, title: str, what_to_do: str = "") -> None:
        """A short message in the corner of this tab."""
        self.main.run_method("tell", tone, title, what_to_do)

    def report(self, error: Exception) -> str:
        """Log an unforeseen failure by its kind and place, never by its words, which may hold PHI; the id to quote."""
        failure = secrets.token_hex(3).upper()
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in frames[-6:])
        log.error("page failure %s: %s at %s", failure, type(error).__name__, places)
        return failure

    async def _watch(self) -> None:
        """Listen to the tenant's changes while somebody looks."""
        if self.live is None or self._unwatch is not None:
            return
        self._unwatch = self.live.watch(self._actor.tenant_id, self._changed)
        await self._look_ahead()

    def _stop_watching(self) -> None:
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    async def _changed(self, tables: frozenset[str]) -> None:
        """Something in the tenant changed: refresh what this tab shows of it."""
        if not self.client.has_socket_connection or self.page is None:
            return
        anything = "*" in tables
        concerned = anything or bool(self.page.watches & tables)
        if not concerned and not self.frame.watches & tables:
            return
        async with self._turn:
            with self.client:
                await self._refresh(concerned)

    async def _refresh(self, concerned: bool) -> None:
        try:
            # Not a sign of life: a page left open must still be logged off when its person is gone.
            actor = await self.current_actor(active=False)
            if concerned and self.page and not self.page.dialog:
                await self._show(actor)
            else:
                await self.frame.load(actor)
                self.frame_region.set_html(self.frame.markup())
        except NotSignedIn:
            self.main.run_method("leave", f"/sign-in?back={_quoted(self.href)}")
        except Refusal as refusal:
            self.tell("warn", refusal.title, refusal.what_to_do)


async def _must_be_allowed(actor: Actor, kind: type[Page]) -> None:
    """The frame of the page: whoever may not open it is told which right is missing. The door asks again."""
    if kind.permission is not None and not actor.may(kind.permission):
        await page_refused(actor, kind.path)
        raise NotAllowed(
            "permission.missing",
            "Your roles do not open this page.",
            f"It needs “{WORDS[kind.permission]}”. Ask your administrator for a role that has it.",
        )


def _whole(state: Markup) -> Markup:
    return Markup(f'<div class="content">{state}</div>')


def _quoted(href: str) -> str:
    return quote(href, safe="")
