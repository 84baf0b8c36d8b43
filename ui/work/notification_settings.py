"""How a person is told: quiet times, kinds, the hour of the daily e-mail, and where it goes."""

from zoneinfo import available_timezones

from domain.notifications import WORDS, Notice, Quiet
from services.work import notifications
from services.work.notifications import ChoiceFacts, ChoicesView
from ui.page import Event, Page, page
from ui.parts.buttons import link, submit
from ui.parts.cards import card, head
from ui.parts.forms import check, choice, field, summary_of
from ui.parts.markup import Child, Markup, div, footer, form, p, span, table, tbody, td, th, thead, tr
from ui.parts.states import notice
from ui.parts.table import facts
from ui.parts.times import exact

_QUIET = (
    (Quiet.OFF, "Never: everything pops up"),
    (Quiet.HOURS, "Between hours"),
    (Quiet.ALWAYS, "Always: only the bell counts"),
)
_CRUMBS = (("Notifications", "/notifications"),)
# Zones of places first: what people look for; the rest are old names of the same.
_ZONES = tuple(sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/")))


@page("/notifications/settings")
class NotificationSettings(Page):
    """How I am told."""

    title = "How I am told"
    permission = None
    wide = False

    view: ChoicesView

    async def load(self) -> None:
        self.view = await notifications.my_choices(self.actor)

    def body(self) -> Markup:
        now = self.view.choices
        return div(
            head(self.title, link("Notifications", "/notifications", look="quiet"), crumbs=_CRUMBS),
            form(
                summary_of(self.errors),
                self._failed(),
                card("Quiet", p("The bell counts all the same; nothing pops up or is read aloud."), self._quiet(now)),
                card("What I am told", self._kinds(now)),
                card("Daily e-mail", self._mail(now)),
                footer(submit("Save"), cls="actions"),
                data_do="choose",
            ),
        )  # fmt: skip

    def _quiet(self, now: ChoiceFacts) -> Markup:
        zones = [("", f"As in my record: {self.view.zone}"), *((one, one) for one in _ZONES)]
        return div(
            choice("quiet", "Quiet", [(str(key), words) for key, words in _QUIET], now.quiet, required=True),
            field("quiet_from", "From", now.quiet_from, kind="time", errors=self.errors),
            field("quiet_to", "To", now.quiet_to, kind="time", errors=self.errors),
            choice("zone", "Time zone of these hours", zones, now.zone, errors=self.errors),
            cls="fields",
        )

    def _kinds(self, now: ChoiceFacts) -> Markup:
        """One row a kind; neither box ticked: it is not told at all."""
        lines = [
            tr(
                th(words, scope="row"),
                td(self._box("page", kind, words, kind not in now.not_in_page)),
                td(self._box("digest", kind, words, kind not in now.not_in_digest)),
            )
            for kind, words in WORDS.items()
        ]
        heads = tr(th("Kind", scope="col"), th("In the page", scope="col"), th("In the e-mail", scope="col"))
        return table(thead(heads), tbody(lines), cls="rows", aria_label="What I am told")

    def _box(self, where: str, kind: Notice, words: str, on: bool) -> Markup:
        place = "in the page" if where == "page" else "in the e-mail"
        return check(f"{where}_kinds[]", span(f"{words} {place}", cls="sr"), on, value=str(kind))

    def _mail(self, now: ChoiceFacts) -> Markup:
        hours = [(str(one), f"{one:02}:00") for one in range(24)]
        due = self.view.next_digest_at
        return div(
            check("digest", "One e-mail a day with what I have not read", now.digest),
            choice("digest_hour", "At", hours, str(now.digest_hour), errors=self.errors, required=True),
            facts(
                ("To", self.view.address),
                ("How", f"Mail is {self.view.mail_place}."),
                ("Next", exact(due, self.view.zone) if due else "none"),
                ("Last", self._last()),
            ),
            p("It holds references and counts only, nothing about a patient.", cls="faint"),
        )

    def _last(self) -> str:
        last = self.view.last
        if last is None:
            return "none yet"
        return f"{last.day}: {'sent' if last.state == 'sent' else 'not sent'}, {last.entries} notifications"

    def _failed(self) -> Child:
        last = self.view.last
        if last is None or last.state != "failed":
            return None
        words = f"What it held goes into the next one. Tell your administrator this code: {last.failure}"
        return notice("warn", f"The e-mail of {last.day} could not be sent.", words)

    async def do_choose(self, event: Event) -> None:
        """Keep what was chosen."""
        self.errors = {}
        await notifications.choose(self.actor, _choices(event))
        self.tell("ok", "Saved.")


def _choices(event: Event) -> ChoiceFacts:
    """The form as facts; a box that is not ticked is left out of what is told."""
    page_kinds, mail_kinds = set(event.many("page_kinds")), set(event.many("digest_kinds"))
    asked, hour = event.text("quiet"), event.text("digest_hour")
    return ChoiceFacts(
        Quiet(asked) if asked in set(Quiet) else Quiet.OFF,
        event.text("quiet_from"),
        event.text("quiet_to"),
        event.text("zone"),
        tuple(one for one in Notice if one not in page_kinds),
        tuple(one for one in Notice if one not in mail_kinds),
        event.ticked("digest"),
        int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else -1,
    )
