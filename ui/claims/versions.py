"""Two versions of a claim side by side, what changed marked: the facts, the lines, the money, the findings, the answers."""

from domain.claims.comparison import FieldPair, LinePair
from domain.refusals import NotFound
from policies.permissions import Permission as P
from services.claims import catalogue
from services.claims.versions import Comparison, VersionFacts, compare_versions
from services.claims.views import ClaimView, VersionView
from ui.claims.cards import FREQUENCIES, RANKS
from ui.page import Page, page
from ui.parts.cards import card, head
from ui.parts.chips import chip, copyable, status_chip
from ui.parts.markup import (
    Child,
    Markup,
    a,
    div,
    nav,
    p,
    small,
    span,
    strong,
    table,
    tbody,
    td,
    th,
    thead,
    tr,
)
from ui.parts.money import amount, dollars
from ui.parts.table import address
from ui.parts.times import moment


@page("/claims/{claim_id}/versions")
class Versions(Page):
    """Any two versions of one claim, chosen by the address: `left` and `right`, the last two without them."""

    title = "Versions"
    nav = "claims"
    permission = P.CLAIMS_VIEW
    watches = frozenset({"claims"})

    claim: ClaimView
    found: Comparison

    @property
    def name(self) -> str:
        """The claim's reference."""
        return f"{self.claim.reference} versions" if hasattr(self, "claim") else "Versions"

    async def load(self) -> None:
        self.claim = await catalogue.get_claim(self.actor, self.id("claim_id"))
        numbers = [one.version for one in self.claim.versions]
        left = self._asked("left", numbers[-2] if len(numbers) > 1 else numbers[-1])
        right = self._asked("right", numbers[-1])
        self.found = await compare_versions(self.actor, self.claim.id, left, right)

    def _asked(self, name: str, default: int) -> int:
        text = self.query.get(name, "")
        if not text:
            return default
        if text.isascii() and text.isdigit() and len(text) < 6:
            return int(text)
        raise NotFound("claim.version", "There is no such version of this claim.", "Choose one of its list.")

    def body(self) -> Markup:
        found, claim = self.found, self.claim
        count = found.changed_count
        words = (
            f"{count} {'fact differs' if count == 1 else 'facts differ'}"
            if count
            else "The facts are the same"
        )
        crumbs = (("Claims", "/claims"), (claim.reference, f"/claims/{claim.id}"))
        return div(
            head("Versions side by side", under=(span(words),), crumbs=crumbs),
            div(
                self._chooser("left", "Left", found.left),
                self._chooser("right", "Right", found.right),
                cls="version-choice",
            ),
            card("Submission", _table(found, _submission(found, self.zone)), look="flush"),
            card("Money", _table(found, _money(found)), look="flush"),
            card("Facts", _table(found, _facts(found.facts)), look="flush"),
            [
                card(f"Service line {line.number}", _table(found, _line(line)), look="flush")
                for line in found.lines
            ],
            card(
                "Findings",
                _table(found, [_row("Findings", _findings(found.left), _findings(found.right))]),
                look="flush",
            ),
            card("Answers", _table(found, [_row("Answers", *_answers(found, self.zone))]), look="flush"),
        )

    def _chooser(self, side: str, words: str, now: VersionFacts) -> Markup:
        links = [self._choice(side, one, one.version == now.version) for one in self.claim.versions]
        return div(small(words, cls="faint"), nav(links, cls="tabs", aria_label=f"{words} version"))

    def _choice(self, side: str, one: VersionView, here: bool) -> Markup:
        query = {"left": str(self.found.left.version), "right": str(self.found.right.version)}
        href = address(self.here, query, **{side: str(one.version)})
        words = f"{one.version} · {FREQUENCIES.get(one.frequency, one.frequency)}, {RANKS[one.rank].lower()}"
        return a(words, href=href, cls="tab", aria_current="page" if here else None)


def _table(found: Comparison, rows: list[Markup]) -> Markup:
    """Three columns: what it is, and each version's."""
    heads = tr(
        th("", scope="col", cls="tight"),
        th(f"Version {found.left.version}", scope="col"),
        th(f"Version {found.right.version}", scope="col"),
    )
    return div(table(thead(heads), tbody(rows), cls="rows versions"), cls="table-frame")


def _row(label: str, left: Child, right: Child, *, changed: bool = False) -> Markup:
    mark = span(" ", chip("changed", "warn")) if changed else None
    return tr(td(label, mark, cls="tight faint"), td(left), td(right), cls="differs" if changed else None)


def _submission(found: Comparison, zone: str) -> list[Markup]:
    left, right = found.left, found.right
    kinds = [FREQUENCIES.get(one.frequency, one.frequency) for one in (left, right)]
    other_payer = (left.payer_name, left.rank) != (right.payer_name, right.rank)
    pairs: list[tuple[str, Child, Child, bool]] = [
        ("Kind", kinds[0], kinds[1], kinds[0] != kinds[1]),
        ("Payer", _payer(left), _payer(right), other_payer),
        ("Claim number", copyable(left.claim_number), copyable(right.claim_number), False),
        (
            "Refers to (REF*F8)",
            copyable(left.refers_to),
            copyable(right.refers_to),
            left.refers_to != right.refers_to,
        ),
        ("Created", moment(left.created_at, zone), moment(right.created_at, zone), False),
        ("Sent", _sent(left, zone), _sent(right, zone), False),
    ]
    return [_row(label, ours, theirs, changed=changed) for label, ours, theirs, changed in pairs]


def _payer(one: VersionFacts) -> Markup:
    return span(f"{one.payer_name} ", chip(RANKS[one.rank], "neutral"))


def _sent(one: VersionFacts, zone: str) -> Markup:
    if one.withdrawn:
        return span("never: it came too late", cls="faint")
    return span("by the payer before", cls="faint") if one.forwarded else moment(one.submitted_at, zone)


def _money(found: Comparison) -> list[Markup]:
    figures = (
        ("Charged", "charge_cents"),
        ("Paid", "paid_cents"),
        ("Adjusted", "adjusted_cents"),
        ("Patient", "patient_cents"),
    )
    rows = []
    for label, name in figures:
        left, right = getattr(found.left, name), getattr(found.right, name)
        difference = small(f" {_signed(right - left)}", cls="faint") if left != right else None
        rows.append(_row(label, amount(left), span(amount(right), difference), changed=left != right))
    return rows


def _signed(cents: int) -> str:
    return f"{'+' if cents > 0 else '−'}{dollars(abs(cents))}"


def _facts(pairs: tuple[FieldPair, ...]) -> list[Markup]:
    return [_row(one.label, _word(one.left), _word(one.right), changed=one.changed) for one in pairs]


def _line(line: LinePair) -> list[Markup]:
    return _facts(line.facts)


def _word(text: str) -> Child:
    return text or span("–", cls="faint")


def _findings(one: VersionFacts) -> Markup:
    if not one.findings:
        return span("none" if one.verdict else "not scrubbed", cls="faint")
    return div([p(strong(found.severity), f" {found.field}: {found.message}") for found in one.findings])


def _answers(found: Comparison, zone: str) -> tuple[Markup, Markup]:
    return _answered(found.left, zone), _answered(found.right, zone)


def _answered(one: VersionFacts, zone: str) -> Markup:
    if not one.acknowledgements and not one.remittances:
        return span("none", cls="faint")
    said = [
        p(
            a(answer.kind, href=f"/files/{answer.file_id}"),
            " ",
            status_chip(answer.verdict),
            f" {answer.category} {answer.status_code} ",
            small(moment(answer.at, zone), cls="faint"),
        )
        for answer in one.acknowledgements
    ]
    count = one.remittances
    remitted = p(f"{count} {'remittance' if count == 1 else 'remittances'} (835)") if count else None
    return div(said, remitted)
