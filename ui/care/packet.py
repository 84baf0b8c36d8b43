"""An evidence packet and how far it can be relied on, and the place to bring a file to be verified."""

from policies.permissions import Permission as P
from services.care import packets
from services.care.packets import PacketCheck, PacketStep
from ui.care.tabs import care_tabs
from ui.page import Page, page
from ui.parts import table
from ui.parts.buttons import link
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.icons import icon
from ui.parts.markup import Child, Markup, a, code, div, input_, label, p, span, strong
from ui.parts.states import notice
from ui.parts.table import Column
from ui.parts.times import exact

_MONTHS = "/care/months"


@page("/care/packets")
class VerifyPacket(Page):
    """Whoever has a packet's file brings it here."""

    title = "Verify a packet"
    nav = "care"
    permission = P.DOCUMENTS_VIEW

    def body(self) -> Markup:
        choose = label(
            "Choose the PDF",
            input_(
                type="file",
                cls="sr",
                data_upload="/upload/packet",
                data_answer="verified",
                accept="application/pdf,.pdf",
            ),
            cls="button filled",
        )
        told = (
            "An evidence packet is never changed. Its SHA-256 stands in the audit trail, whose entries are chained and"
            " sealed, and the facts it was made from lie inside the PDF as packet.json.",
            "Choose a file, wherever it comes from: it is compared byte by byte with what was kept here. It is not stored.",
            "The answer says whether the file is genuine, of which month it is, and whether a later packet has taken its"
            " place.",
            ("On the server ", code("caseload audit packet FILE --tenant NAME"), " says the same."),
        )
        return div(
            head(self.title, choose, crumbs=(("Month-end", _MONTHS),)),
            care_tabs(self.actor, _MONTHS),
            _answer(),
            card("How a packet is checked", div([p(one) for one in told], cls="stack")),
        )


def _answer() -> Markup:
    """Where the browser writes what became of the file: it stays until another is brought."""
    way = div(link("See what was checked", "/care/packets", hidden=True), cls="notice-action")
    return div(
        icon("shield"), div(strong(), span()), way, id="verified", cls="notice", role="status", hidden=True
    )


@page("/care/packets/{packet_id}")
class Packet(Page):
    """What was checked of one packet, and the packets before and after it."""

    title = "Evidence packet"
    nav = "care"
    permission = P.DOCUMENTS_VIEW

    one: PacketCheck

    async def load(self) -> None:
        self.one = await packets.packet_check(self.actor, self.id("packet_id"))

    def body(self) -> Markup:
        one = self.one
        word = chip("Genuine", "ok") if one.genuine else chip("Not as it was kept", "bad")
        month = f"{one.month:%B %Y}" if one.month else ""
        ways = (
            link("Verify another file", "/care/packets"),
            link("Open the PDF", f"/documents/{one.document_id}", look="filled", key="o", target="_blank"),
        )
        return div(
            head((self.title, " ", word), *ways, under=month, crumbs=(("Month-end", _MONTHS),)),
            care_tabs(self.actor, _MONTHS),
            self._later(),
            div(card("What was checked", self._steps(), look="flush"), card("The packet", self._facts()), cls="columns"),
        )  # fmt: skip

    def _later(self) -> Child:
        later = self.one.superseded_by
        if later is None:
            words = "The month was computed again since, and rests on it no longer. It is kept as it was."
            return None if self.one.in_force else notice("warn", "This packet is not in force.", words)
        after = link("The packet in force", f"/care/packets/{later}")
        words = "Time or facts of the month changed after it was made. It is kept as it was."
        return notice("warn", "A later packet has taken the place of this one.", words, after)

    def _steps(self) -> Markup:
        columns = [
            Column[PacketStep]("Checked", lambda one: one.label, "tight"),
            Column[PacketStep]("", _held, "tight"),
            Column[PacketStep]("What it showed", lambda one: one.told, "wide wrap"),
        ]
        return table.rows(columns, self.one.steps, key=lambda one: one.label, label="What was checked")

    def _facts(self) -> Markup:
        one = self.one
        before: Child = "none"
        if one.supersedes:
            before = a("the packet before", href=f"/care/packets/{one.supersedes}")
        return table.facts(
            ("Kept", exact(one.kept_at, self.zone) if one.kept_at else "–"),
            ("Takes the place of", before),
            ("Seal of the audit chain", str(one.seal) if one.seal else "not sealed yet"),
            ("SHA-256 of the file", span(one.sha256, cls="mono")),
            ("SHA-256 of the content", span(one.content_sha256 or "nothing inside", cls="mono")),
        )


def _held(one: PacketStep) -> Markup:
    return chip("Holds", "ok") if one.holds else chip("Does not hold", "bad")
