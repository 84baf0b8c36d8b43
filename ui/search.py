"""Search over everything (Ctrl-K): claims, patients, payers, clients and files, as far as the asker may see them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.refusals import NotAllowed
from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.care import finding
from services.claims import catalogue
from services.clientele import clients, patients, payers
from services.edi import files
from ui.care.words import step_chip
from ui.page import Event
from ui.parts.chips import claim_chip, status_chip
from ui.parts.markup import EMPTY, Child, Markup, a, dialog, div, h3, input_, p, section, span, strong

_ACTIONS = frozenset({"open_search", "search", "close_dialog", "close_suggestions", "found"})
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: where it is, what it is called, what tells it from others."""

    href: str
    title: str
    under: str
    chip: Child = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that can be found, and the permission to look for it."""

    words: str
    permission: P
    find: Callable[[Actor, str], Awaitable[list[Hit]]]


async def _claims(actor: Actor, text: str) -> list[Hit]:
    found = await catalogue.list_claims(actor, text=text, limit=6)
    return [
        Hit(
            f"/claims/{c.id}",
            c.reference,
            f"{c.patient_name} · {c.payer_name}",
            claim_chip(c.status, c.status_label, c.tone),
        )
        for c in found.items
    ]


async def _patients(actor: Actor, text: str) -> list[Hit]:
    found = await patients.search_patients(actor, text)
    return [Hit(f"/patients/{one.id}", one.name, one.account_number) for one in found[:6]]


async def _in_care(actor: Actor, text: str) -> list[Hit]:
    found = await finding.find_in_care(actor, text)
    return [
        Hit(
            f"/care/{one.id}",
            one.patient_name,
            f"{one.account_number} · {one.programme.upper()} · {one.client_name}",
            step_chip(one),
        )
        for one in found[:6]
    ]


async def _payers(actor: Actor, text: str) -> list[Hit]:
    found = await payers.list_payers(actor, text=text, limit=4)
    return [Hit(f"/payers/{one.id}", one.name, f"Payer id {one.payer_id}") for one in found.items]


async def _clients(actor: Actor, text: str) -> list[Hit]:
    found = await clients.list_clients(actor, text=text, limit=4)
    return [Hit(f"/clients/{one.id}", one.name, f"NPI {one.npi}") for one in found.items]


async def _files(actor: Actor, text: str) -> list[Hit]:
    found = await files.list_files(actor, text=text, limit=4)
    return [Hit(f"/files/{one.id}", one.name, one.kind, status_chip(one.status)) for one in found.items]


_KINDS = (
    Kind("Claims", P.CLAIMS_VIEW, _claims),
    Kind("In care", P.CARE_VIEW, _in_care),
    Kind("Patients", P.PATIENTS_VIEW, _patients),
    Kind("Payers", P.CLIENTS_VIEW, _payers),
    Kind("Clients", P.CLIENTS_VIEW, _clients),
    Kind("Files", P.EDI_VIEW, _files),
)


class Search:
    """The search window of one tab."""

    def __init__(self) -> None:
        self.open = False
        self.text = ""
        self.target = ""
        self.found: list[tuple[str, list[Hit]]] = []

    def knows(self, action: str) -> bool:
        """Whether an action belongs to the search; closing does only while it is open."""
        return action in _ACTIONS and (self.open or action == "open_search")

    async def act(self, actor: Actor, event: Event) -> None:
        """Open, search, follow or close."""
        if event.name == "open_search":
            self.open, self.text, self.found = True, "", []
        elif event.name == "search":
            self.text = event.value.strip()[:80]
            self.found = await self._find(actor) if len(self.text) >= _ENOUGH else []
        elif event.name == "found":
            self.target = event.args.get("to", "")
        else:
            self.close()

    def close(self) -> None:
        """Forget what was searched."""
        self.open, self.text, self.found = False, "", []

    def leave(self) -> str:
        """The address that was chosen, once."""
        href, self.target = self.target, ""
        self.close()
        return href if href.startswith("/") else "/"

    async def _find(self, actor: Actor) -> list[tuple[str, list[Hit]]]:
        found: list[tuple[str, list[Hit]]] = []
        for kind in _KINDS:
            if not actor.may(kind.permission):
                continue
            try:
                hits = await kind.find(actor, self.text)
            except NotAllowed:
                continue  # the right was taken away a moment ago: there is nothing to find here
            if hits:
                found.append((kind.words, hits))
        return found

    def markup(self) -> Markup:
        """The window, or nothing while it is closed."""
        if not self.open:
            return EMPTY
        field = input_(
            type="text",
            name="everything",
            placeholder="Claim, patient, payer, client or file",
            autocomplete="off",
            data_input="search",
            data_wait="120",
            autofocus=True,
            aria_label="Search everything",
        )
        return dialog(
            div(field, div(self._results(), cls="results", role="listbox"), data_suggest=True),
            cls="search",
            aria_label="Search",
        )

    def _results(self) -> Child:
        if len(self.text) < _ENOUGH:
            return p("Type a claim number, a name, or part of a file name.", cls="faint hint")
        if not self.found:
            return p(
                "Nothing found. Names are found from their beginning; claims by reference or claim number.",
                cls="faint hint",
            )
        return [section(h3(words), [_line(hit) for hit in hits]) for words, hits in self.found]


def _line(hit: Hit) -> Markup:
    return a(
        span(strong(hit.title), span(hit.under, cls="faint"), cls="hit"),
        hit.chip,
        href=hit.href,
        role="option",
        aria_selected="false",
        data_do="found",
        data_to=hit.href,
        cls="result",
    )
