"""One enrolment: where it stands, its forms, what was told of it, and what can be told now."""

from datetime import date
from typing import Any

from domain.enrolments import CHANNELS, NEEDS, SIGNERS, TRANSACTIONS, WORDS
from domain.enrolments import Event as News
from domain.refusals import FieldError
from policies.permissions import Permission as P
from services.clientele import enrolments
from services.clientele.enrolment_views import (
    EnrolmentEvent,
    EnrolmentNews,
    EnrolmentView,
    Paper,
    PossibleEvent,
)
from services.work import notes
from services.work.notes import NoteView
from ui.clientele.enrolments import step_chip, today
from ui.page import Event, Page, page, reject
from ui.parts import table
from ui.parts.buttons import action, entry, more, submit
from ui.parts.cards import card, head
from ui.parts.diagrams import where_it_stands
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, long_text
from ui.parts.markup import Child, Markup, a, div, form, li, ol, p, small, span
from ui.parts.states import Loaded, notice, shown
from ui.parts.times import ago, day, due
from ui.work.history import who_did
from ui.work.notes import note_form, note_list

_ENDING = "withdrawn"
_TONES = {
    "rejected": "bad",
    "expired": "bad",
    "approved": "ok",
    "went_live": "ok",
    "revalidated": "ok",
    "withdrawn": "warn",
}
_FIELDS = {
    "on": "On",
    "effective_from": "Effective from",
    "expires_on": "Expires on",
    "signed_by": "Signed by",
    "channel": "Handed in by",
    "reference": "Reference",
    "reason": "Reason",
}
_DATES = frozenset({"on", "effective_from", "expires_on"})


@page("/enrolments/{enrolment_id}")
class Enrolment(Page):
    """The page of one enrolment."""

    title = "Enrolment"
    nav = "enrolments"
    permission = P.ENROLMENTS_VIEW
    watches = frozenset({"enrolments", "notes"})

    one: EnrolmentView
    notes: Loaded[list[NoteView]]
    noted = 0

    @property
    def name(self) -> str:
        """Whom it enrols with whom."""
        return f"{self.one.client_name} with {self.one.payer_name}" if self.loaded else "Enrolment"

    async def load(self) -> None:
        self.one = await enrolments.get_enrolment(self.actor, self.id("enrolment_id"))
        self.notes = await self.read(notes.notes_of, "enrolment", self.one.id)

    def body(self) -> Markup:
        one = self.one
        left = div(self._facts(), self._paperwork(), self._notes())
        right = div(
            where_it_stands(one.diagram, f"Process of the enrolment: {one.step_label}", "enrolment", one.id),
            card("What happened", self._history()),
        )
        title = (f"{one.client_name} with {one.payer_name}", step_chip(one))
        crumbs = (("Enrolments", "/enrolments"),)
        return div(
            head(title, *self._actions(), under=TRANSACTIONS[one.transaction], crumbs=crumbs),
            self._reason(),
            div(left, right, cls="columns"),
        )

    def _reason(self) -> Child:
        if self.one.step == "rejected":
            return notice("bad", "The payer rejected it.", self.one.reason)
        if self.one.step == "expired":
            return notice("bad", "The term is over.", "Claims of this client wait until it is renewed.")
        if self.one.step == "ended":
            return notice("warn", "This enrolment has ended.", self.one.reason)
        return None

    def _actions(self) -> list[Child]:
        """The usual next step as the one filled button, the others in the menu."""
        possible = self.one.possible
        if not self.may(P.ENROLMENTS_MANAGE) or not possible:
            return []
        first, rest = possible[0], possible[1:]
        if first.event == _ENDING:
            return [more(self._entry(first))]
        return [
            action(first.words, "ask_tell", look="filled", key="c", data_event=first.event),
            rest and more(*(self._entry(one) for one in rest)),
        ]

    def _entry(self, one: PossibleEvent) -> Markup:
        return entry(
            one.words,
            "ask_tell",
            tone="bad" if one.event in ("rejected", _ENDING) else "",
            data_event=one.event,
        )

    def _facts(self) -> Markup:
        one = self.one
        return card(
            "Enrolment",
            table.facts(
                ("Client", a(one.client_name, href=f"/clients/{one.client_id}")),
                ("Payer", a(one.payer_name, href=f"/payers/{one.payer_id}")),
                ("Waits for", one.waits_for),
                ("Reminder", due(one.alarm_at, self.zone)),
                ("Signed", _dated(one.signed_on, one.signed_by)),
                ("Submitted", _dated(one.submitted_on, CHANNELS.get(one.channel, ""))),
                ("Acknowledged", day(one.acknowledged_on)),
                ("Reference", span(one.reference or "–", cls="mono")),
                ("Effective from", day(one.effective_from)),
                ("Expires", day(one.expires_on) if one.expires_on or not one.effective_from else "no end"),
                ("Submissions", str(one.submissions)),
                ("Begun", ago(one.created_at, self.zone)),
            ),
        )

    def _paperwork(self) -> Markup:
        if not self.may(P.ENROLMENTS_MANAGE) or self.one.step not in ("requested", "preparing"):
            lines = [
                li(
                    paper.name,
                    small(" · ", SIGNERS[paper.signer], paper.attachment and f" · {paper.attachment}"),
                )
                for paper in self.one.paperwork
            ]
            return card("Forms", ol(lines, cls="timeline") if lines else p("No forms.", cls="faint"))
        papers = [*self.one.paperwork, Paper("")]
        rows = [self._paper(number, paper) for number, paper in enumerate(papers)]
        body = form(
            div(rows, cls="stack"),
            div(submit("Save forms", look=""), cls="form-foot"),
            data_do="papers",
            cls="stack",
            data_key_of=f"papers-{self.one.version}",
        )
        words = "What is needed, who signs it, and the name of its file. Empty a name to leave a form out."
        return card("Forms", div(p(words, cls="muted"), body, cls="stack"))

    def _paper(self, number: int, paper: Paper) -> Markup:
        names = f"paper_{number}"
        return div(
            field(f"{names}_name", "Form", paper.name, look="double"),
            choice(f"{names}_signer", "Signed by", SIGNERS.items(), paper.signer),
            field(f"{names}_attachment", "File", paper.attachment),
            check(f"{names}_done", "Filled in", paper.done) if paper.name else None,
            cls="fields",
        )

    def _history(self) -> Markup:
        if not self.one.history:
            return p("Nothing yet.", cls="faint")
        return ol([self._event(one) for one in self.one.history], cls="timeline")

    def _event(self, one: EnrolmentEvent) -> Markup:
        said = ", ".join(
            f"{_FIELDS.get(name, name).lower()} {CHANNELS.get(value, value)}"
            for name, value in one.said.items()
        )
        who = who_did(one.actor_name)
        return li(
            p(one.words, said and small(f": {said}")),
            small(who, " · ", ago(one.at, self.zone)),
            cls=_TONES.get(one.event, "info"),
        )

    def _notes(self) -> Markup:
        listed = shown(self.notes, lambda found: note_list(found, self.zone))
        return card("Notes", listed, note_form(self.may(P.NOTES_ADD), str(self.one.id), count=self.noted))

    async def do_note(self, event: Event) -> None:
        """Add a note."""
        await notes.add_note(self.actor, "enrolment", self.one.id, event.text("text"))
        self.noted += 1

    async def do_papers(self, event: Event) -> None:
        """Keep the list of forms."""
        papers = [
            Paper(
                event.text(f"paper_{number}_name"),
                event.text(f"paper_{number}_signer") or "client",
                event.text(f"paper_{number}_attachment"),
                event.ticked(f"paper_{number}_done"),
            )
            for number in range(len(self.one.paperwork) + 1)
            if event.text(f"paper_{number}_name")
        ]
        await enrolments.save_paperwork(self.actor, self.one.id, papers, expected_version=self.one.version)
        self.tell("ok", "Kept.")

    async def do_ask_tell(self, event: Event) -> None:
        """Ask what must be said with an event; one that needs no words is told at once."""
        told = event.args.get("event", "")
        possible = next((one for one in self.one.possible if one.event == told), None)
        if possible is None:
            return
        if not possible.needed and not possible.optional:
            await self._told(EnrolmentNews(told))
            return
        fields = [
            self._field(name, name in possible.needed) for name in (*possible.needed, *possible.optional)
        ]
        self.dialog = form_window(
            possible.words, "tell", possible.words, div(fields, cls="fields"), event=told
        )

    def _field(self, name: str, required: bool) -> Markup:
        value = self.typed.get(name, "") if self.errors else ""
        if name == "channel":
            return choice(
                name,
                _FIELDS[name],
                CHANNELS.items(),
                value,
                errors=self.errors,
                required=required,
                prompt="Choose",
            )
        if name == "reason":
            return long_text(name, _FIELDS[name], str(value), errors=self.errors, required=required)
        kind = "date" if name in _DATES else "text"
        given = value or (today(self.zone) if name == "on" else "")
        return field(name, _FIELDS[name], given, kind=kind, errors=self.errors, required=required)

    async def do_tell(self, event: Event) -> None:
        """Tell what happened."""
        told = event.args.get("event", "")
        await self._told(_news(told, event))
        await self.do_close_dialog(event)

    async def _told(self, news: EnrolmentNews) -> None:
        after = await enrolments.tell_enrolment(self.actor, self.one.id, news)
        self.tell("ok", f"{WORDS[News(news.event)]}.", f"It stands at “{after.step_label}” now.")


def _news(told: str, event: Event) -> EnrolmentNews:
    needed, optional = NEEDS.get(News(told), ((), ())) if told in set(News) else ((), ())
    names = (*needed, *optional)
    said: dict[str, Any] = {
        name: _day(name, event.text(name)) if name in _DATES else event.text(name)
        for name in names
        if event.text(name)
    }
    return EnrolmentNews(told, **said)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reject(FieldError(name, "date.invalid", "Enter a date."))
        raise


def _dated(value: date | None, words: str) -> Child:
    return (day(value), words and small(f" {words}")) if value else day(None)
