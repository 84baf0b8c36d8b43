"""Adding and changing a coverage in a dialog on the patient's page."""

from typing import Any

from domain.claims.medicare_secondary import MEDICARE_SECONDARY_TYPES
from domain.codes.filing import PAYER_ORDERS, RELATIONSHIPS, SEXES
from domain.refusals import FieldError, Refusal
from services.clientele import coverages, payers
from services.clientele.coverages import CoverageFacts, CoverageView
from services.clientele.people import PersonFacts
from ui.clientele.clients import address_fields
from ui.page import Event, Page, identifier, reject
from ui.parts.buttons import action
from ui.parts.dates import date_of
from ui.parts.dialogs import form_window
from ui.parts.forms import choice, field, group, summary_of
from ui.parts.markup import Child, Markup, details, div, summary

_SELF = "18"


class CoverageActions(Page):
    """The dialog's actions; mixed into the patient's page."""

    record: Any

    async def do_ask_coverage(self, event: Event) -> None:
        """Open the dialog for a new coverage or for one that is there."""
        known = await self._known(event)
        found = await payers.list_payers(self.actor, limit=200, active=True)
        options = [(str(one.id), one.name) for one in found.items]
        if known and str(known.payer_id) not in dict(options):
            options.append((str(known.payer_id), known.payer_name))
        value = _values(known, self.typed if self.errors else {})
        out = known and action("Take out of use", "ask_end_coverage", look="quiet", data_id=str(known.id))
        self.dialog = form_window(
            "Change the coverage" if known else "Add a coverage",
            "save_coverage",
            "Save",
            summary_of(self.errors),
            _fields(value, options, self.errors),
            _subscriber(value, self.errors),
            out,
            look="large",
            id=str(known.id) if known else "",
            version=str(known.version) if known else "",
        )

    async def do_save_coverage(self, event: Event) -> None:
        """Add or change the coverage; a refusal opens the dialog again with the faults at their fields."""
        self.errors = {}
        try:
            facts = _facts(self.record.id, event)
            if event.args.get("id"):
                version = event.number("version", 0)
                await coverages.change_coverage(self.actor, event.id(), facts, expected_version=version)
            else:
                await coverages.add_coverage(self.actor, facts)
        except Refusal as refusal:
            await self._again(refusal, event)
            return
        await self.do_close_dialog(event)
        self.tell("ok", "Coverage saved.")

    async def do_ask_end_coverage(self, event: Event) -> None:
        """Ask why the coverage goes out of use."""
        reason = field("reason", "Reason", "", required=True, errors=self.errors, autofocus=True)
        words = "No new claims under it; those under way go on."
        self.dialog = form_window(
            "Take the coverage out of use",
            "end_coverage",
            "Take out of use",
            div(reason, cls="fields"),
            explanation=words,
            id=str(event.id()),
        )

    async def do_end_coverage(self, event: Event) -> None:
        """Take the coverage out of use."""
        await coverages.deactivate_coverage(self.actor, event.id(), event.text("reason"))
        await self.do_close_dialog(event)

    async def do_reactivate_coverage(self, event: Event) -> None:
        """Take the coverage back into use."""
        await coverages.reactivate_coverage(self.actor, event.id())

    async def _known(self, event: Event) -> CoverageView | None:
        return await coverages.get_coverage(self.actor, event.id()) if event.args.get("id") else None

    async def _again(self, refusal: Refusal, event: Event) -> None:
        self.typed = dict(event.fields)
        if refusal.fields:
            self.wrong(refusal)
        else:
            self.errors = {"form": f"{refusal.title} {refusal.what_to_do}"}
        await self.do_ask_coverage(event)
        self.errors = {}


def _values(known: CoverageView | None, typed: dict[str, Any]) -> Any:
    def value(name: str) -> Any:
        if name in typed:
            return typed[name]
        if known is None:
            return {"rank": "P", "relationship": _SELF}.get(name, "")
        if name.startswith("subscriber."):
            return getattr(known.subscriber, name.removeprefix("subscriber."), "") or ""
        return getattr(known, name) or ""

    return value


def _fields(value: Any, options: list[tuple[str, str]], errors: dict[str, str]) -> Child:
    return div(
        choice(
            "payer_id", "Payer", options, value("payer_id"), errors=errors, required=True, prompt="Choose"
        ),
        field("member_id", "Member id", value("member_id"), errors=errors, required=True),
        choice("rank", "Order", PAYER_ORDERS.items(), value("rank"), errors=errors, required=True),
        choice(
            "insurance_type",
            "Why Medicare is not first",
            [(one.code, f"{one.code} {one.words}") for one in MEDICARE_SECONDARY_TYPES.values()],
            value("insurance_type"),
            errors=errors,
            hint="Only for Medicare as a secondary or tertiary payer.",
            prompt="Does not apply",
        ),
        field("group_number", "Group number", value("group_number"), errors=errors),
        field("effective_from", "Effective from", value("effective_from"), errors=errors, kind="date"),
        field("effective_to", "Effective to", value("effective_to"), errors=errors, kind="date"),
        choice(
            "relationship",
            "The patient is the subscriber's",
            RELATIONSHIPS.items(),
            value("relationship"),
            errors=errors,
            required=True,
        ),
        cls="fields",
    )


def _subscriber(value: Any, errors: dict[str, str]) -> Child:
    shown = value("relationship") not in ("", _SELF) or any(name.startswith("subscriber") for name in errors)
    person = group(
        "Subscriber",
        field("subscriber.last_name", "Last name", value("subscriber.last_name"), errors=errors),
        field("subscriber.first_name", "First name", value("subscriber.first_name"), errors=errors),
        field(
            "subscriber.birth_date", "Birth date", value("subscriber.birth_date"), errors=errors, kind="date"
        ),
        choice(
            "subscriber.sex", "Sex", SEXES.items(), value("subscriber.sex"), errors=errors, prompt="Choose"
        ),
        *[_optional(one) for one in address_fields(value, errors, prefix="subscriber.")],
    )
    return details(
        summary("The subscriber, when it is not the patient"), person, open=shown, style="margin: 16px 0"
    )


def _optional(control: Markup) -> Markup:
    """Only asked for when the subscriber is another person, which the server decides."""
    return Markup(control.replace(" required", ""))


def _facts(patient_id: Any, event: Event) -> CoverageFacts:
    dates = {
        name: (event.text(name), date_of(event.text(name))) for name in ("effective_from", "effective_to")
    }
    reject(
        None if event.text("payer_id") else FieldError("payer_id", "payer_id.missing", "Choose the payer."),
        *(
            FieldError(name, "date.invalid", "Enter a date.")
            for name, (typed, found) in dates.items()
            if typed and not found
        ),
    )
    relationship = event.text("relationship") or _SELF
    return CoverageFacts(
        patient_id=patient_id,
        payer_id=identifier(event.text("payer_id")),
        member_id=event.text("member_id"),
        rank=event.text("rank"),
        relationship=relationship,
        group_number=event.text("group_number"),
        subscriber=None if relationship == _SELF else _person(event),
        effective_from=dates["effective_from"][1],
        effective_to=dates["effective_to"][1],
        insurance_type=event.text("insurance_type"),
    )


def _person(event: Event) -> PersonFacts:
    names = ("last_name", "first_name", "sex", "line1", "line2", "city", "state", "postal_code")
    texts = {name: event.text(f"subscriber.{name}") for name in names}
    return PersonFacts(birth_date=date_of(event.text("subscriber.birth_date")), **texts)
