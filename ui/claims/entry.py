"""The form in which a claim is captured and corrected, typed from the keyboard and kept as a draft while it is typed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.refusals import Invalid
from domain.rules.custom_fields import Subject
from domain.rules.fields import typed_values
from policies.permissions import Permission as P
from services.claims import catalogue
from services.claims.views import ClaimDraft, ClaimView, Diagnosis, FindingView
from services.clientele import coverages, fee_schedules, patients, providers
from services.clientele.coverages import CoverageView
from services.clientele.patients import PatientView
from services.clientele.providers import ProviderView
from services.work import drafts
from ui.claims import bill_sheet
from ui.claims import form as view
from ui.claims.bill_draft import bill_draft
from ui.claims.bill_sheet import BillSheet
from ui.claims.sheet import Sheet, draft_of, from_kept
from ui.page import Event, identifier
from ui.parts.cards import card
from ui.parts.dates import date_of
from ui.parts.markup import Child, Markup
from ui.parts.money import plain
from ui.rules.custom import PREFIX, CustomFields
from ui.rules.fields import inputs

_ENOUGH = 2


class Entry(CustomFields):
    """The form of a claim; `form_name` names its draft in the store."""

    nav = "claims"
    custom_subject = Subject.CLAIM
    form_name = "claim/new"
    address = "/claims/new"
    other_form = ("Institutional (837I)", "/claims/new/institutional")
    institutional = False

    sheet: Sheet | BillSheet
    saved_at: datetime | None = None
    patient: PatientView | None = None
    coverages: list[CoverageView] = []
    providers: list[ProviderView] = []
    found_patients: list[PatientView] | None = None
    found_diagnoses: list[Diagnosis] | None = None
    findings: list[FindingView] = []
    started = False
    added = 0

    async def load(self) -> None:
        if not self.started:
            await self.load_custom()
            await self.start()
            await self.load_patient()
            self.started = True

    async def start(self) -> None:
        """Take up the draft that was left, or begin anew."""
        kept = await drafts.draft(self.actor, self.form_name)
        self.sheet = self._from_kept(kept.fields if kept else {})
        self.saved_at = kept.saved_at if kept else None
        if not kept and self.query.get("patient"):
            self.sheet.patient_id = self.query["patient"]

    def _from_kept(self, fields: dict[str, Any]) -> Sheet | BillSheet:
        """The sheet of a kept draft, or an empty one."""
        if self.institutional:
            return bill_sheet.from_kept(fields)
        return from_kept(fields) if fields else Sheet()

    def draft(self) -> ClaimDraft:
        """The facts to hand in, or `Invalid` with what cannot be read."""
        return bill_draft(self.sheet) if isinstance(self.sheet, BillSheet) else draft_of(self.sheet)

    async def load_patient(self) -> None:
        """Read the chosen patient with coverages and the providers of the client."""
        if not self.sheet.patient_id:
            self.patient, self.coverages, self.providers = None, [], []
            return
        self.patient = await patients.get_patient(self.actor, identifier(self.sheet.patient_id))
        found = await coverages.list_coverages(self.actor, self.patient.id, active=True)
        self.coverages = sorted(found.items, key=lambda one: "PST".index(one.rank))
        known = await self.read(
            providers.list_providers, client_id=self.patient.client_id, active=True, limit=200
        )
        self.providers = known.value.items if known.value else []
        self.sheet.client_id = str(self.patient.client_id)
        if self.sheet.coverage_id not in {str(one.id) for one in self.coverages}:
            self.sheet.coverage_id = str(self.coverages[0].id) if self.coverages else ""

    def body(self) -> Markup:
        return view.whole(self)

    async def do_typed(self, event: Event) -> None:
        """Keep what is being typed; a procedure without a charge gets that of the fee schedule."""
        self.sheet.take(event.fields)
        self._take_custom(event)
        await self._fill_charges()
        await self._keep()

    async def do_find_patient(self, event: Event) -> None:
        """Search patients as their name is typed."""
        text = event.value.strip()
        self.found_patients = (
            await patients.search_patients(self.actor, text, limit=8) if len(text) >= _ENOUGH else None
        )

    async def do_choose_patient(self, event: Event) -> None:
        """Take a patient found."""
        self.sheet.take(event.fields)
        self.sheet.patient_id, self.sheet.coverage_id = str(event.id()), ""
        self.found_patients = None
        await self.load_patient()
        await self._keep()

    async def do_change_patient(self, event: Event) -> None:
        """Choose another patient."""
        self.sheet.take(event.fields)
        self.sheet.patient_id = self.sheet.coverage_id = ""
        await self.load_patient()

    async def do_find_diagnosis(self, event: Event) -> None:
        """Search ICD-10-CM by code or by words as they are typed."""
        text = event.value.strip()
        self.found_diagnoses = (
            (await catalogue.search_diagnoses(self.actor, text))[:12] if len(text) >= _ENOUGH else None
        )

    async def do_add_diagnosis(self, event: Event) -> None:
        """Take a diagnosis found, or exactly what was typed."""
        self.sheet.take(event.fields)
        self.sheet.add_diagnosis(event.args.get("code", "") or event.text("diagnosis"))
        self.found_diagnoses = None
        self.added += 1
        await self._keep()

    async def do_remove_diagnosis(self, event: Event) -> None:
        """Take a diagnosis out."""
        self.sheet.take(event.fields)
        self.sheet.remove_diagnosis(event.args.get("code", ""))
        await self._keep()

    async def do_first_diagnosis(self, event: Event) -> None:
        """Make a diagnosis the principal one."""
        self.sheet.take(event.fields)
        self.sheet.first_diagnosis(event.args.get("code", ""))
        await self._keep()

    async def do_close_suggestions(self, event: Event) -> None:
        """Close the lists under the search fields."""
        self.found_patients = self.found_diagnoses = None

    async def do_add_line(self, event: Event) -> None:
        """One more service line."""
        self.sheet.take(event.fields)
        self.sheet.add_line()
        self.added += 1
        await self._keep()

    async def do_remove_line(self, event: Event) -> None:
        """Take a service line out."""
        self.sheet.take(event.fields)
        self.sheet.remove_line(event.number("number", 0))
        self.added += 1
        await self._keep()

    async def do_add_code(self, event: Event) -> None:
        """One more code of an institutional claim."""
        self.sheet.take(event.fields)
        if isinstance(self.sheet, BillSheet):
            self.sheet.add_code()
            self.added += 1
        await self._keep()

    async def do_remove_code(self, event: Event) -> None:
        """Take a code of an institutional claim out."""
        self.sheet.take(event.fields)
        if isinstance(self.sheet, BillSheet):
            self.sheet.remove_code(event.number("number", 0))
            self.added += 1
        await self._keep()

    async def do_paste(self, event: Event) -> None:
        """Rows pasted from a spreadsheet."""
        self.sheet.take(event.fields)
        count = self.sheet.paste(event.value[:20000], event.number("number", 1))
        self.added += 1
        await self._keep()
        self.tell(
            "ok", f"{count} {'row' if count == 1 else 'rows'} pasted.", "Look them over before you save."
        )

    async def do_discard(self, event: Event) -> None:
        """Forget the draft."""
        await drafts.drop_draft(self.actor, self.form_name)
        self.started = False
        self.errors = {}
        self.added += 1
        self.tell("ok", "The draft is gone.")

    async def do_save(self, event: Event) -> None:
        """Hand the claim in."""
        self.sheet.take(event.fields)
        self._take_custom(event)
        self.errors = {}
        try:
            done = await self.store(release=event.args.get("then") == "release")
        except Invalid as refusal:
            self.wrong(refusal)
            return
        await drafts.drop_draft(self.actor, self.form_name)
        self.go(f"/claims/{done.id}" if event.args.get("then") != "again" else self.address)

    def custom_part(self) -> Child:
        """The fields of the tenant's own, as typed so far."""
        if not self.custom:
            return None
        texts = {one.code: self.sheet.heads.get(f"{PREFIX}{one.code}", "") for one in self.custom}
        return card("Further fields", inputs(self.custom, texts, self.errors, PREFIX))

    def _take_custom(self, event: Event) -> None:
        """A box that is not ticked is not sent."""
        for one in self.custom:
            self.sheet.heads[f"{PREFIX}{one.code}"] = event.text(f"{PREFIX}{one.code}")

    def with_custom(self, draft: ClaimDraft) -> ClaimDraft:
        """The facts with the fields of the tenant's own."""
        if not self.custom:
            return draft
        typed = typed_values(self.custom, self.sheet.heads, PREFIX)
        return replace(draft, custom={one.code: typed.get(one.code) for one in self.custom})

    async def store(self, *, release: bool) -> ClaimView:
        """Create or correct the claim."""
        raise NotImplementedError

    async def _fill_charges(self) -> None:
        if isinstance(self.sheet, BillSheet):
            self.sheet.fill()
        coverage = next((one for one in self.coverages if str(one.id) == self.sheet.coverage_id), None)
        if coverage is None or not self.may(P.CLIENTS_VIEW):
            return
        for line in self.sheet.lines:
            served = date_of(line["service_from"])
            if len(line["procedure"]) < 5 or line["charge_cents"] or served is None:
                continue
            first = (line["modifiers"].split() or [""])[0]
            cents = await fee_schedules.charge_for(
                self.actor, coverage.payer_id, line["procedure"], first, served
            )
            line["charge_cents"] = plain(cents) if cents is not None else ""

    async def _keep(self) -> None:
        if self.sheet.touched:
            await drafts.save_draft(self.actor, self.form_name, self.sheet.kept())
            self.saved_at = datetime.now(UTC)
