"""One incident: what is wrong in plain words, where it is mended, retrying it, and cancelling its process."""

from policies.permissions import Permission as P
from services.operations import incidents
from services.operations.incident_views import IncidentLine, IncidentView
from ui.page import Event, Page, page
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import long_text
from ui.parts.markup import EMPTY, Child, Markup, a, code, div, li, ol, p, small, span
from ui.parts.states import notice
from ui.parts.table import facts
from ui.parts.times import ago, due, moment
from ui.work.history import who_did

_TONES = {"opened": "bad", "failed_again": "bad", "retried": "warn", "resolved": "ok", "cancelled": "warn"}


@page("/operations/incidents/{incident_id}")
class Incident(Page):
    """The page of one incident."""

    title = "Incident"
    nav = "operations"
    permission = P.INCIDENTS_MANAGE
    watches = frozenset({"incidents"})

    one: IncidentView

    @property
    def name(self) -> str:
        """What cannot go on."""
        return f"Incident: {self._process}" if self.loaded else self.title

    @property
    def _process(self) -> str:
        line = self.one.line
        return (
            line.kind_label if line.reference == line.kind_label else f"{line.kind_label}: {line.reference}"
        )

    async def load(self) -> None:
        self.one = await incidents.get_incident(self.actor, self.id("incident_id"))

    def body(self) -> Markup:
        line = self.one.line
        title = (self._process, chip(line.state_label, line.tone))
        crumbs = (("Incidents", "/operations/incidents"),)
        return div(
            head(
                title,
                *self._actions(),
                crumbs=crumbs,
                under=(span(line.what_label), line.step_label and span(f"stands at “{line.step_label}”")),
            ),
            self._wrong(),
            div(div(self._facts()), div(card("History", self._history())), cls="columns"),
        )

    def _actions(self) -> tuple[Child, ...]:
        line = self.one.line
        if line.state != "open":
            return ()
        menu = more(entry("Cancel the process", "ask_cancel", tone="bad")) if self.one.cancellable else None
        mend = link("Mend it", line.mend_href, key="m") if line.mend_href else None
        return menu, mend, action("Retry now", "retry", look="filled", key="r")

    def _wrong(self) -> Markup:
        line = self.one.line
        if line.state == "open":
            return notice("bad", line.words, line.to_do)
        tone = "ok" if line.state == "resolved" else "warn"
        reason = span(" Reason: ", self.one.reason) if self.one.reason else ""
        return notice(tone, self.one.outcome_words or line.state_label, span(f"It was: {line.words}", reason))

    def _facts(self) -> Markup:
        line, zone = self.one.line, self.zone
        pairs = facts(
            ("Process", a(self._process, href=href) if (href := self.one.process_href) else self._process),
            ("Step", line.step_label or "–"),
            ("Code", code(line.code)),
            ("Attempts", f"{line.attempts:,}"),
            ("First failed", moment(line.first_failed_at, zone)),
            ("Last failed", ago(line.last_failed_at, zone)),
            ("Next attempt", due(line.next_attempt_at, zone)) if line.next_attempt_at else None,
            ("Retried", _times(line)) if line.retries else None,
            ("Mended in", a(_record(line.mend_href), href=line.mend_href)) if line.mend_href else None,
            ("Closed", span(moment(line.closed_at, zone), self._by())) if line.closed_at else None,
        )
        return card("What is known", pairs)

    def _by(self) -> str:
        return f" by {self.one.closed_by}" if self.one.closed_by else ""

    def _history(self) -> Markup:
        return ol(
            [
                li(
                    p(one.words),
                    small(who_did(one.who), " · ", ago(one.at, self.zone)),
                    cls=_TONES.get(one.kind) or None,
                )
                for one in self.one.history
            ],
            cls="timeline",
        )

    async def do_retry(self, event: Event) -> None:
        """Have it tried now."""
        self.one = await incidents.retry(self.actor, self.one.id)
        self.tell("ok", "It is tried now.", "This incident closes by itself once the step has succeeded.")

    async def do_ask_cancel(self, event: Event) -> None:
        """Ask why the process is to end."""
        reason = long_text(
            "reason", "Reason", self.typed.get("reason", ""), errors=self.errors, required=True
        )
        self.dialog = form_window(
            f"Cancel: {self._process}",
            "cancel",
            "Cancel the process",
            div(reason, cls="fields"),
            explanation="The process ends. Facts and money stay as they are, its open work closes, and its record says"
            " that it was cancelled. This cannot be taken back.",
        )

    async def do_cancel(self, event: Event) -> None:
        """Cancel the process with the reason."""
        self.typed = dict(event.fields)
        self.one = await incidents.cancel(self.actor, self.one.id, event.text("reason"))
        self.errors, self.dialog = {}, EMPTY
        self.tell("ok", "The process is cancelled.")


def _record(href: str) -> str:
    """The kind of record behind an address, such as `the connection`."""
    return f"the {href.split('/')[1].removesuffix('s')}"


def _times(line: IncidentLine) -> str:
    if line.retries == 1:
        return f"once, by {line.retried_by}"
    return f"{line.retries:,} times, last by {line.retried_by}"
