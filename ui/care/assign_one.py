"""Who should have one patient: the best five with every reason, the profile that they are weighed by, and the assignment."""

from collections.abc import Mapping
from uuid import UUID

from domain.care.profiles import ENGAGEMENTS, LANGUAGES, RISKS, ProfileFacts
from policies.permissions import Permission as P
from services.care import assignment, enrolments, profiles
from services.care.assignment import RecommendationView, RecommendedView
from services.care.profiles import CoordinatorView, ProfileView
from services.care.views import CareView
from ui.care.assignment import no_licences
from ui.page import Event, Page, identifier, page
from ui.parts import table
from ui.parts.buttons import action, entry, link, more
from ui.parts.cards import card, head
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field
from ui.parts.markup import EMPTY, Child, Markup, div, li, p, small, span, ul
from ui.parts.states import empty, notice

_BY_HAND = (
    "Capacity is yours to judge here. Whoever is known to lack the licence of the patient's state is refused."
)
_OFF = "The patient goes onto nobody's roster with their open work; the list under Assignment shows them until somebody has them."
_NOBODY = "Enter licences and capacities under Coordinators, or make room on somebody's roster."


@page("/care/{care_id}/assign")
class AssignOne(Page):
    """The recommendation for one patient."""

    title = "Assign"
    nav = "care"
    permission = P.CARE_MANAGE
    watches = frozenset({"care_enrolments"})

    one: CareView
    found: RecommendationView
    profile: ProfileView
    skills: list[str]

    @property
    def name(self) -> str:
        """Which enrolment it is about: a name does not belong into the browser's history."""
        return f"Assign {self.one.reference}" if self.loaded else self.title

    async def load(self) -> None:
        self.one = await enrolments.get_care(self.actor, self.id("care_id"))
        self.found = await assignment.recommended(self.actor, self.one.id)
        self.profile = await profiles.get_profile(self.actor, self.one.id)
        self.skills = await profiles.specialisations(self.actor)

    def body(self) -> Markup:
        one = self.one
        now = f"With {one.coordinator_name} now" if one.coordinator_name else "On nobody's roster"
        crumbs = (("Assignment", "/care/assignment"), (one.patient_name, f"/care/{one.id}"))
        left = card("Coordinators", self._best(), action=self._weights())
        change = action("Change", "ask_profile", look="quiet", key="p")
        right = div(card("Profile", self._profile(), action=change), self._others())
        return div(
            head(
                ("Assign ", one.patient_name),
                one.step != "ended" and self._menu(),
                under=f"{one.programme_label} · {one.client_name} · {now}",
                crumbs=crumbs,
            ),
            self.one.step == "ended"
            and notice("warn", "This enrolment has ended.", "Nobody can be given the patient."),
            no_licences(self.found.no_licence_entered),
            div(left, right, cls="columns"),
        )

    def _menu(self) -> Markup:
        others = entry("Choose somebody else", "ask_other", key="o")
        nobody = entry("Take off the roster", "ask_nobody", tone="bad") if self.one.coordinator_name else None
        return more(others, nobody)

    def _weights(self) -> Markup:
        source = self.found.weights_from
        return small(f"Weights: {source or 'the usual ones'}", cls="faint")

    def _best(self) -> Markup:
        if not self.found.best:
            return empty(
                "Nobody can have this patient.",
                _NOBODY,
                link("Coordinators", "/care/assignment/coordinators"),
            )
        return div(*(self._choice(number, one) for number, one in enumerate(self.found.best, 1)), cls="stack")

    def _choice(self, number: int, one: RecommendedView) -> Markup:
        has = one.coordinator_id == self.one.coordinator_id
        button: Child = chip("has them now", "info")
        if not has:
            look = "filled" if number == 1 else ""
            button = action(
                "Assign", "assign", look=look, key="a" if number == 1 else "", data_id=str(one.coordinator_id)
            )
        reasons = [li(_mark(reason.speaks), " ", reason.label, ": ", reason.words) for reason in one.reasons]
        title = div(
            span(f"{number}. {one.name}"), small(f" cost {one.cost / 100:.0f}", cls="faint"), " ", button
        )
        return div(title, ul(reasons, cls="plain"))

    def _profile(self) -> Markup:
        one = self.profile
        return table.facts(
            ("Needs", ", ".join(self.found.needs) or "nothing special"),
            ("Language", one.language or "English"),
            ("Risk", f"{one.risk}: {one.risk_label}"),
            ("Engagement", f"{one.engagement}: {one.engagement_label}"),
            ("Specialisation", one.specialisation or "none needed"),
            ("State", one.state or "that of the address"),
            ("Time zone", one.zone or "that of the practice"),
            look="one",
        )

    def _others(self) -> Child:
        if not self.found.hindered:
            return None
        lines = [li(f"{count} {why}") for why, count in sorted(self.found.hindered.items())]
        return card("Who cannot", ul(lines, cls="plain"), p("They are not weighed.", cls="faint"))

    async def do_assign(self, event: Event) -> None:
        """Put the patient on this coordinator's roster."""
        await self._hand_to(event.id())

    async def do_ask_other(self, event: Event) -> None:
        """Ask for somebody who was not recommended."""
        people = [(str(one.user_id), _capacity(one)) for one in await profiles.list_coordinators(self.actor)]
        body = choice(
            "coordinator_id", "Coordinator", people, errors=self.errors, prompt="Choose", required=True
        )
        self.dialog = form_window("Choose somebody else", "other", "Assign", body, explanation=_BY_HAND)

    async def do_other(self, event: Event) -> None:
        """Put the patient on their roster, if they may have the patient."""
        await self._hand_to(identifier(event.text("coordinator_id") or str(UUID(int=0))))

    async def do_ask_nobody(self, event: Event) -> None:
        """Say what it means."""
        self.dialog = form_window(
            f"Take off {self.one.coordinator_name}'s roster", "nobody", "Take off", EMPTY, explanation=_OFF
        )

    async def do_nobody(self, event: Event) -> None:
        """Put the patient on nobody's roster."""
        await self._hand_to(None)

    async def _hand_to(self, coordinator_id: UUID | None) -> None:
        await enrolments.assign_coordinator(self.actor, [self.one.id], coordinator_id)
        self.dialog = EMPTY
        self.tell("ok", "Assigned." if coordinator_id else "Taken off.", "Those concerned are told.")

    async def do_ask_profile(self, event: Event) -> None:
        """Ask what is known of the patient."""
        one, wrong = self.profile, self.errors
        typed = self.typed if wrong else {}
        languages = [("", "English"), *((name, name) for name in LANGUAGES)]
        known = [("", "None needed"), *((name, name) for name in self.skills)]
        body = div(
            choice("language", "Language", languages, typed.get("language", one.language), errors=wrong),
            choice("specialisation", "Specialisation", known, typed.get("specialisation", one.specialisation), errors=wrong),
            choice("risk", "Risk", _numbered(RISKS), str(typed.get("risk", one.risk)), errors=wrong),
            choice("engagement", "Engagement", _numbered(ENGAGEMENTS), str(typed.get("engagement", one.engagement)),
                   errors=wrong),
            field("state", "State", typed.get("state", one.state), errors=wrong, hint="Empty: as the address says"),
            field("zone", "Time zone", typed.get("zone", one.zone), errors=wrong, hint="Empty: the practice's"),
            cls="fields",
        )  # fmt: skip
        self.dialog = form_window("Profile", "profile", "Save", body, version=one.version)

    async def do_profile(self, event: Event) -> None:
        """Save it."""
        facts = ProfileFacts(
            event.text("language"),
            event.text("zone"),
            event.text("state"),
            _digit(event.text("risk")),
            _digit(event.text("engagement")),
            event.text("specialisation"),
        )
        await profiles.save_profile(self.actor, self.one.id, facts, event.number("version", 0))
        self.typed = {}
        await self.do_close_dialog(event)
        self.tell("ok", "Saved.", "They are weighed anew.")


def _numbered(words: Mapping[int, str]) -> list[tuple[str, str]]:
    return [(str(number), f"{number}: {label}") for number, label in words.items()]


def _capacity(one: CoordinatorView) -> str:
    return (
        f"{one.name} ({one.patients} of {one.most_patients}{', ' + one.hindrance if one.hindrance else ''})"
    )


def _digit(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4", "5") else 0


def _mark(speaks: str) -> Child:
    if not speaks:
        return chip("neither", "neutral")
    return chip("for", "ok") if speaks == "for" else chip("against", "warn")
