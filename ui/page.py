"""What a page is: a class that loads through services, shows itself as markup, and names its actions `do_…`.

Pages are registered by their path. The same class answers the first request and every later step inside the tab.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from domain.refusals import Conflict, FieldError, Invalid, NotFound, Refusal
from domain.tenancy import Actor
from policies.permissions import Permission
from ui.parts.forms import errors_of
from ui.parts.markup import EMPTY, Markup
from ui.parts.states import Loaded

if TYPE_CHECKING:
    from ui.screen import Screen

T = TypeVar("T")
_ACTION = re.compile(r"[a-z][a-z_]{0,40}")


@dataclass(frozen=True, slots=True)
class Event:
    """What a person did: the action, its arguments (`data-…`), the fields of the form around it, the rows selected."""

    name: str
    args: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    selected: tuple[str, ...] = ()
    value: str = ""

    def text(self, name: str) -> str:
        """A field as typed, without spaces around it; empty when absent."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """The values of a field that gathers several."""
        value = self.fields.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.fields.get(name) == "true"

    def id(self, name: str = "id") -> UUID:
        """An id among the arguments."""
        return identifier(self.args.get(name, ""))

    def number(self, name: str, default: int) -> int:
        """A number among the arguments; anything else is the default."""
        text = self.args.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else default


def event_of(args: Any) -> Event:
    """An event as it came over the socket: everything in it is the browser's word, so shapes are checked."""
    given = args if isinstance(args, dict) else {}
    arguments, fields = given.get("args"), given.get("fields")
    selected = given.get("selected")
    return Event(
        name=str(given.get("do", "")),
        args={str(k): v if k == "push" else str(v) for k, v in arguments.items()}
        if isinstance(arguments, dict)
        else {},
        fields=dict(fields) if isinstance(fields, dict) else {},
        selected=tuple(str(one) for one in selected[:500]) if isinstance(selected, list) else (),
        value=str(given.get("value") or ""),
    )


def identifier(text: str) -> UUID:
    """The id in an address or argument; what is none leads nowhere."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(
            "not_found", "There is nothing at this address.", "Check the address, or start from the menu."
        ) from None


def there(record: T | None) -> T:
    """The record that an action needs; a page that adds one has none yet."""
    if record is None:
        raise NotFound("not_found", "There is nothing here yet.", "Save it first.")
    return record


def optional_identifier(text: str) -> UUID | None:
    """The id of a choice that may be left empty."""
    return identifier(text) if text else None


class Page:
    """A page of a signed-in person. `permission` None: every member may open it."""

    path: ClassVar[str]
    title: ClassVar[str] = ""
    nav: ClassVar[str] = ""
    permission: ClassVar[Permission | None] = None
    # Tables whose change makes the page load again.
    watches: ClassVar[frozenset[str]] = frozenset()
    wide: ClassVar[bool] = True
    # Whether it was ever read: a page that was refused at once has nothing to act on.
    loaded = False
    # Set by an action that changes nothing of what is shown, such as keeping what is typed.
    unchanged = False

    def __init__(self, screen: "Screen", actor: Actor, params: dict[str, str], query: dict[str, str]) -> None:
        self.screen = screen
        self.actor = actor
        self.params = params
        self.query = query
        self.errors: dict[str, str] = {}
        self.dialog: Markup = EMPTY
        self.typed: dict[str, Any] = {}

    @property
    def zone(self) -> str:
        """The time zone in which this person reads moments."""
        return self.actor.time_zone

    @property
    def name(self) -> str:
        """The page's title in the tab."""
        return self.title

    @property
    def here(self) -> str:
        """The path of this page with its ids, without filters."""
        path = self.path
        for key, value in self.params.items():
            path = path.replace(f"{{{key}}}", value)
        return path

    def may(self, permission: Permission) -> bool:
        """Whether the person holds a permission; the door decides again when they act."""
        return self.actor.may(permission)

    def id(self, name: str) -> UUID:
        """An id of the path."""
        return identifier(self.params.get(name, ""))

    def onward(self) -> str:
        """The page that this person is led to instead; empty to stay."""
        return ""

    async def load(self) -> None:
        """Read what the page shows."""

    def body(self) -> Markup:
        """The page."""
        raise NotImplementedError

    async def look_ahead(self) -> None:
        """Read what is likely to be asked for next, once this page is shown. It is kept with the tab, as `screen.ahead`."""

    def show_ahead(self, query: dict[str, str]) -> bool:
        """Take what was read ahead for an address of this page, to be shown while the page loads; whether there is any."""
        return False

    async def read(self, service: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> Loaded[T]:
        """A part of the page that may be refused or fail without taking the rest along."""
        try:
            return Loaded(await service(self.actor, *args, **kwargs))
        except Refusal as refusal:
            if refusal.status == 401:
                raise
            return Loaded(refusal=refusal)
        except Exception as error:  # noqa: BLE001 - one broken card must not take the page along; it is logged
            return Loaded(failure=self.screen.report(error))

    async def do_close_dialog(self, event: Event) -> None:
        """Close the dialog."""
        self.dialog = EMPTY
        self.errors = {}

    def tell(self, tone: str, title: str, what_to_do: str = "") -> None:
        """A short message in the corner."""
        self.screen.tell(tone, title, what_to_do)

    def go(self, href: str) -> None:
        """Open another page once this action is done."""
        self.screen.next_href = href

    def leave(self, href: str) -> None:
        """Have the browser open what is no page, such as a document."""
        self.screen.main.run_method("leave", href)

    def wrong(self, refusal: Refusal) -> None:
        """Keep the faults of a form, to show each at its field."""
        self.errors = errors_of(refusal.fields) or {"form": f"{refusal.title} {refusal.what_to_do}"}
        if isinstance(refusal, Conflict):
            # What is in the way is in the title; the field says only what to do about it.
            self.errors = {name: f"{refusal.title} {words}" for name, words in self.errors.items()}

    async def refused(self, refusal: Refusal, event: Event) -> None:
        """Show what was sent again, each fault at its field. `do_x` of a dialog is asked anew by `do_ask_x`."""
        self.typed, self.unchanged = dict(event.fields), False
        if isinstance(refusal, NotFound):
            # What the dialog was about is gone, perhaps by another tab: the page shows what is there now.
            self.dialog = EMPTY
        if not refusal.fields:
            self.tell("bad", refusal.title, refusal.what_to_do)
            return
        self.wrong(refusal)
        if ask := self.handler(f"ask_{event.name}"):
            await ask(event)

    def handler(self, name: str) -> Callable[[Event], Awaitable[None]] | None:
        """The method of an action, if the page has it."""
        return getattr(self, f"do_{name}", None) if _ACTION.fullmatch(name) else None


def reject(*faults: FieldError | None) -> None:
    """Refuse a form with the faults found before the service is asked."""
    found = tuple(fault for fault in faults if fault)
    if found:
        raise Invalid("form.invalid", "Some fields need another look.", "Mend what is marked.", fields=found)


@dataclass(frozen=True, slots=True)
class Route:
    """A registered page and the pattern its address matches."""

    page: type[Page]
    pattern: re.Pattern[str]


ROUTES: list[Route] = []
P = TypeVar("P", bound=type[Page])


def page(path: str) -> Callable[[P], P]:
    """Register a page class under a path such as `/claims/{claim_id}`."""

    def register(cls: P) -> P:
        cls.path = path
        ROUTES.append(Route(cls, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))))
        return cls

    return register


def route(path: str) -> tuple[type[Page], dict[str, str]]:
    """The page at a path and the ids in it; literal paths come before those with ids."""
    for known in sorted(ROUTES, key=lambda one: one.page.path.count("{")):
        if found := known.pattern.fullmatch(path):
            return known.page, found.groupdict()
    raise NotFound("page.missing", "There is no page at this address.", "Start from the menu at the left.")


def own_path(href: str) -> str:
    """An address within this site; anything else leads to the start."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return "/"
    own = (
        href.startswith("/") and not href.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return href if own else "/"


def words_of(items: Iterable[str], nothing: str = "none") -> str:
    """`a, b and c`."""
    listed = list(items)
    if not listed:
        return nothing
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
