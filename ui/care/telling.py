"""Telling what happened to an enrolment: each event with the fields it needs, and what was said in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.care.enrolment import CONSENT_POINTS, HOW, WORDS
from domain.care.enrolment import Event as News
from domain.care.plan import HANDED
from services.care import enrolments
from services.care.enrolments import CareNews
from services.care.roster import CareMonth
from services.care.views import CareView
from ui.care.moments import moment_of
from ui.page import Event, Page
from ui.parts.dialogs import form_window
from ui.parts.forms import check, choice, field, long_text
from ui.parts.markup import Child, div, p, span
from ui.parts.times import day_words


class TellsCare(Page):
    """A page from which an enrolment's facts are told."""

    one: CareView
    month: CareMonth

    async def do_ask_tell(self, event: Event) -> None:
        """Ask what must be said with an event."""
        told = event.args.get("event", "")
        if told in set(News):
            fields = div(self._asked(News(told)), cls="fields")
            self.dialog = form_window(WORDS[News(told)], "tell", "Record", fields, event=told)

    def _asked(self, told: News) -> list[Child]:
        errors = self.errors
        if told is News.ELIGIBLE:
            return self._eligibility()
        on = self._typed("on") or self._today()
        asked: list[Child] = [field("on", "On", on, kind="date", errors=errors, required=True)]
        if told in (News.CONSENTED, News.REVOKED):
            how, by = self._typed("how") or "verbal", self._typed("given_by") or "The patient"
            asked += [
                choice("how", "How", HOW.items(), how, errors=errors, required=True),
                field("given_by", "Said by", by, errors=errors, required=True),
            ]
        if told is News.CONSENTED:
            asked += self._said_before()
        if told in (News.NOT_ELIGIBLE, News.DECLINED, News.WITHDRAWN):
            asked.append(long_text("reason", "Why", self._typed("reason"), errors=errors, required=True))
        return asked

    def _eligibility(self) -> list[Child]:
        conditions, months = self._typed("conditions"), self._typed("months_expected")
        ticks = (
            ("significant_risk", "They put the patient at significant risk"),
            ("complex_decisions", "Decision making is of moderate or high complexity"),
            ("qmb", "Qualified Medicare Beneficiary"),
        )
        return [
            field("conditions", "Chronic conditions", conditions, kind="number", errors=self.errors),
            field(
                "months_expected",
                "Expected to last",
                months,
                kind="number",
                unit="months",
                errors=self.errors,
            ),
            *(check(name, words, self.typed.get(name) == "true") for name, words in ticks),
        ]

    def _said_before(self) -> list[Child]:
        """What the patient was told before consenting, and what they said."""
        kept, errors = self.typed.get("points", []), self.errors
        points = (
            check("points[]", words, name in kept, value=name) for name, words in CONSENT_POINTS.items()
        )
        return [
            p("The patient was told:", cls="wide"),
            *points,
            span(errors["points"], cls="error") if "points" in errors else None,
            long_text("words", "In their words", self._typed("words")),
        ]

    async def do_tell(self, event: Event) -> None:
        """Tell what happened."""
        told = event.args.get("event", "")
        after = await enrolments.tell_care(self.actor, self.one.id, _news(told, event))
        self.tell("ok", f"{WORDS[News(told)]}.", f"It stands at “{after.step_label}” now.")
        self.typed = {}
        await self.do_close_dialog(event)

    def _typed(self, name: str) -> str:
        return str(self.typed.get(name, "")) if self.errors else ""

    def _today(self) -> str:
        return datetime.now(ZoneInfo(self.month.zone)).date().isoformat()


def said_words(name: str, value: object) -> str:
    """One thing that was said with an event; empty when it is nothing to show."""
    if name == "points" and isinstance(value, list):
        return f"told of {len(value)} points"
    if name == "conditions":
        return "1 chronic condition" if value == 1 else f"{value} chronic conditions"
    if name == "months_expected":
        return f"expected to last {value} months"
    if name == "how":
        return {**HOW, **HANDED}.get(str(value), str(value)).lower()
    words = {
        "given_by": "by",
        "on": "on",
        "words": "“",
        "reason": "",
        "version": "version",
        "review_on": "reviewed next",
        "given_to": "taken by",
    }
    if name not in words:
        return name.replace("_", " ") if value is True else ""
    if name in ("on", "review_on"):
        value = day_words(date.fromisoformat(str(value)))
    return f"“{value}”" if name == "words" else f"{words[name]} {value}".strip()


def _news(told: str, event: Event) -> CareNews:
    return CareNews(
        told,
        moment_of("on", event.text("on")).date() if event.text("on") else None,
        _number(event.text("conditions")),
        _number(event.text("months_expected")),
        event.ticked("significant_risk"),
        event.ticked("complex_decisions"),
        event.ticked("qmb"),
        event.text("how"),
        event.text("given_by"),
        event.text("words"),
        tuple(event.many("points")) if "points" in event.fields else (),
        event.text("reason"),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
