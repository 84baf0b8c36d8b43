"""Attempts to reach a patient on a page: one click or key each, more about one when there is more to say."""

from uuid import UUID

from domain.care.outreach import CHANNELS, OUTCOMES, TONES, Outcome
from services.care import outreach
from services.care.outreach import OutreachFacts, OutreachView
from services.care.views import CareLine
from ui.page import Event, Page
from ui.parts.buttons import action, entry, menu, more
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.exporting import export_menu
from ui.parts.forms import choice, long_text
from ui.parts.markup import EMPTY, Child, Markup, details, div, li, ol, p, small, span, summary
from ui.parts.times import ago

# The keys of the outcomes, on a patient's page and for the marked row of the roster.
KEYS = {outcome: str(number) for number, outcome in enumerate(Outcome, 1)}
EXTRA_KEYS = "|".join(f"{key}=Tried: {OUTCOMES[one].lower()}" for one, key in KEYS.items())
# So many attempts stand open on a patient's page: the month below them is looked at more often.
FEW = 3
_CLOCK = (("", "Leave it as it is"), ("start", "Start it"), ("stop", "Stop it with this note"))


class Reaches(Page):
    """A page on which attempts are recorded."""

    async def do_tried(self, event: Event) -> None:
        """One click: tried by telephone, with this outcome."""
        kept = await outreach.record_outreach(
            self.actor, event.id(), OutreachFacts(event.args.get("outcome", ""))
        )
        self.tell(
            "ok",
            f"{kept.outcome_label}: {kept.patient_name}.",
            "A mistake is taken back on the patient's page.",
        )

    async def do_ask_attempt(self, event: Event) -> None:
        """Ask for more than the outcome."""
        given = self.typed if self.errors else {}
        body = div(
            choice(
                "channel",
                "How",
                CHANNELS.items(),
                given.get("channel", "phone"),
                errors=self.errors,
                required=True,
            ),
            choice(
                "outcome",
                "Outcome",
                OUTCOMES.items(),
                given.get("outcome", "reached"),
                errors=self.errors,
                required=True,
            ),
            choice("clock", "Your clock", _CLOCK, given.get("clock", ""), errors=self.errors),
            long_text("note", "Note", str(given.get("note", "")), rows=2, errors=self.errors),
            cls="fields",
        )
        self.dialog = form_window("Tried to reach the patient", "attempt", "Record", body, id=str(event.id()))

    async def do_attempt(self, event: Event) -> None:
        """Record it."""
        facts = OutreachFacts(*(event.text(name) for name in ("outcome", "channel", "note", "clock")))
        await outreach.record_outreach(self.actor, event.id(), facts)
        self.dialog, self.errors = EMPTY, {}

    async def do_ask_untry(self, event: Event) -> None:
        """Ask why an attempt is taken back."""
        why = long_text("reason", "Why", errors=self.errors, required=True)
        words = "The attempt stays visible and does not count."
        self.dialog = form_window(
            "Take this attempt back", "untry", "Take back", why, explanation=words, id=str(event.id())
        )

    async def do_untry(self, event: Event) -> None:
        """Take it back."""
        await outreach.remove_outreach(self.actor, event.id(), event.text("reason"))
        self.dialog, self.errors = EMPTY, {}


def outreach_card(lines: list[OutreachView], id: UUID, *, records: bool, manages: bool, zone: str) -> Markup:
    """A patient's attempts, the newest first, and the buttons that record one."""
    buttons = [
        action(OUTCOMES[one], "tried", look="", key=key, data_id=str(id), data_outcome=one.value)
        for one, key in KEYS.items()
    ]
    further = action("With a note…", "ask_attempt", look="quiet", key="0", data_id=str(id))
    asked = div(*buttons, further, cls="actions") if records else None
    known: Child = p("Nobody has tried yet.", cls="faint")
    if lines:
        shown = [_attempt(one, manages, zone) for one in lines]
        before = details(summary(f"{len(shown) - FEW} before"), ol(shown[FEW:], cls="timeline"))
        known = (ol(shown[:FEW], cls="timeline"), len(shown) > FEW and before)
    leave = export_menu("care-outreach", {"care": str(id)}, tiny=True) if lines else None
    return card("Attempts to reach", div(asked, known, cls="stack"), action=leave)


def _attempt(one: OutreachView, manages: bool, zone: str) -> Markup:
    words = span(
        chip(one.outcome_label, one.tone),
        small(f" {one.channel_label}"),
        one.note and small(f" · {one.note}"),
    )
    if one.removed:
        words = span(chip("Taken back", "neutral"), small(f" {one.outcome_label}: {one.removed}"))
    back = None
    if not one.removed and (one.mine or manages):
        back = more(
            entry("Take back", "ask_untry", tone="bad", data_id=str(one.id)), label="Change this attempt"
        )
    return li(div(words, back, cls="row"), small(one.by_name, " · ", ago(one.at, zone)))


def standing_cell(one: CareLine) -> Child:
    """Where the attempts stand, on the roster: the last one, how many in vain, and when to try again."""
    standing = one.outreach
    if standing is None:
        return None
    vain = f"{standing.in_vain}× in vain, " if standing.in_vain > 1 else ""
    again = "try again" if standing.due else f"again {standing.due_on:%b} {standing.due_on.day}"
    words = small(f" {vain}{again}") if standing.last_at else None
    return span(chip(standing.last_label, standing.tone), words)


def tried_menu(one: CareLine) -> Markup:
    """The outcomes as a menu of a row; their keys act on the row that is marked."""
    lines = [
        entry(
            f"{OUTCOMES[outcome]} ({key})", "tried", tone="bad" if TONES[outcome] == "bad" else "",
            data_id=str(one.id), data_outcome=outcome.value, data_row_key=key,
        )
        for outcome, key in KEYS.items()
    ]  # fmt: skip
    further = entry("With a note… (0)", "ask_attempt", data_id=str(one.id), data_row_key="0")
    return menu("Tried", *lines, further, label=f"Tried to reach {one.patient_name}", look="button quiet")
