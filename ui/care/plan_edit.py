"""Writing a care plan: kept as a draft while it is typed, stored as the next version."""

from datetime import UTC, datetime

from domain.care.entries import Programme
from domain.care.plan_checks import gaps, tidied
from domain.codes import icd10cm
from domain.codes.icd10cm import Diagnosis
from domain.refusals import Invalid, Refusal
from policies.permissions import Permission as P
from services.care import enrolments, plans
from services.care.plan_rows import PlanView
from services.care.views import CareView
from services.work import drafts
from ui.care import plan_form
from ui.care.plan_typed import TypedPlan, from_kept, typed_of
from ui.page import Event, Page, page
from ui.parts.buttons import action, link
from ui.parts.cards import head
from ui.parts.dates import date_of
from ui.parts.forms import errors_of
from ui.parts.markup import Child, Markup, div
from ui.parts.states import notice


@page("/care/{care_id}/plan/edit")
class EditPlan(Page):
    """The form of a care plan."""

    title = "Write the care plan"
    nav = "care"
    permission = P.CARE_RECORD

    one: CareView
    shown: PlanView
    sheet: TypedPlan
    saved_at: datetime | None = None
    found: list[Diagnosis] | None = None
    missing = 0
    added = 0
    fresh = ""
    started = False

    @property
    def form_name(self) -> str:
        """The name of its draft."""
        return f"care-plan/{self.id('care_id')}"

    async def load(self) -> None:
        self.one = await enrolments.get_care(self.actor, self.id("care_id"))
        self.shown = await plans.get_plan(self.actor, self.one.id)
        if not self.started:
            await self._start()

    async def _start(self) -> None:
        """Take up the draft that was left, unless a version was stored since; else revise the newest."""
        kept = await drafts.draft(self.actor, self.form_name)
        newest = self.shown.versions[0].stored_at if self.shown.versions else None
        fresh = kept is not None and (newest is None or kept.saved_at > newest)
        self.sheet = from_kept(kept.fields) if kept and fresh else typed_of(self.shown.plan)
        self.saved_at = kept.saved_at if kept and fresh else None
        self.started = True

    def body(self) -> Markup:
        place = f"/care/{self.one.id}"
        crumbs = (("Care", "/care"), (self.one.patient_name, place), ("Care plan", f"{place}/plan"))
        version = self.shown.newest
        under = f"Revises version {version}" if version else "The first version"
        discard = action("Discard the draft", "discard", look="quiet") if self.saved_at else None
        back = link("Back to the plan", f"{place}/plan", look="quiet")
        return div(
            head(
                self.title, discard, back, under=f"{under}. Everything is kept while you type.", crumbs=crumbs
            ),
            self._standing(),
            plan_form.whole(self),
        )

    def _standing(self) -> Child:
        if not self.shown.writable:
            words = "What you type stays as your draft; it can be stored once consent is recorded."
            return notice("warn", "The patient has not consented yet.", words)
        return None

    async def do_typed(self, event: Event) -> None:
        """Keep what is being typed."""
        await self._keep(event)

    async def do_find_problem(self, event: Event) -> None:
        """Search ICD-10-CM by code or by words as they are typed."""
        text = event.value.strip()
        self.found = list(icd10cm.search(text, limit=12, billable_only=True)) if len(text) > 1 else None

    async def do_add_problem(self, event: Event) -> None:
        """Take a condition found, or the code that was typed."""
        self.sheet.take(event.fields)
        self.sheet.add_problem(event.args.get("code", "") or event.text("problem"))
        self.found = None
        await self._changed()

    async def do_raise_problem(self, event: Event) -> None:
        """Move a condition up."""
        self.sheet.take(event.fields)
        self.sheet.raise_problem(event.number("number", 0))
        await self._changed()

    async def do_close_suggestions(self, event: Event) -> None:
        """Close the list under the search field."""
        self.found = None

    async def do_add_goals(self, event: Event) -> None:
        """One more goal."""
        await self._one_more(event, "goals")

    async def do_add_interventions(self, event: Event) -> None:
        """One more intervention."""
        await self._one_more(event, "interventions")

    async def do_remove_row(self, event: Event) -> None:
        """Take a row out."""
        self.sheet.take(event.fields)
        self.sheet.remove(event.args.get("kind", ""), event.number("number", 0))
        await self._changed()

    async def do_paste_goals(self, event: Event) -> None:
        """Goals pasted from a spreadsheet."""
        await self._paste(event, "goals")

    async def do_paste_interventions(self, event: Event) -> None:
        """Interventions pasted from a spreadsheet."""
        await self._paste(event, "interventions")

    async def do_discard(self, event: Event) -> None:
        """Forget the draft."""
        await drafts.drop_draft(self.actor, self.form_name)
        self.started, self.errors, self.missing = False, {}, 0
        self.added += 1
        self.tell("ok", "The draft is gone.")

    async def do_store(self, event: Event) -> None:
        """Store the plan when nothing is missing; else show what is."""
        await self._store(event, even_incomplete=False)

    async def do_store_incomplete(self, event: Event) -> None:
        """Store it although something is missing."""
        await self._store(event, even_incomplete=True)

    async def _store(self, event: Event, *, even_incomplete: bool) -> None:
        await self._keep(event)
        self.errors, self.missing = {}, 0
        try:
            plan = tidied(self.sheet.plan())
            lacks = gaps(plan, Programme(self.one.programme), self.shown.today)
            if lacks and not even_incomplete:
                self.sheet = TypedPlan(self.sheet.heads, typed_of(plan).rows)
                self.added += 1
                self.errors, self.missing = errors_of(lacks), len(lacks)
                return
            why, since = self.sheet.heads.get("why", ""), date_of(self.sheet.heads.get("in_force_on", ""))
            after = await plans.store_plan(self.actor, self.one.id, plan, why, self.shown.newest, since)
        except Invalid as refusal:
            self.wrong(refusal)
            return
        await drafts.drop_draft(self.actor, self.form_name)
        self._told(after)
        self.go(f"/care/{self.one.id}/plan")

    def _told(self, after: PlanView) -> None:
        title = f"Version {after.version} is stored."
        self.tell("ok", title, "Give the patient a copy." if after.complete else "It is not complete yet.")

    async def _one_more(self, event: Event, kind: str) -> None:
        self.sheet.take(event.fields)
        self.sheet.add(kind)
        self.fresh = kind
        await self._changed()

    async def _paste(self, event: Event, kind: str) -> None:
        self.sheet.take(event.fields)
        count = self.sheet.paste(kind, event.value[:20000], event.number("number", 1))
        await self._changed()
        self.tell(
            "ok", f"{count} {'row' if count == 1 else 'rows'} pasted.", "Look them over before you store."
        )

    async def _changed(self) -> None:
        self.added += 1
        await self._save_draft()

    async def _keep(self, event: Event) -> None:
        self.sheet.take(event.fields)
        await self._save_draft()

    async def _save_draft(self) -> None:
        try:
            await drafts.save_draft(self.actor, self.form_name, self.sheet.kept())
            self.saved_at = datetime.now(UTC)
        except Refusal as refusal:
            self.wrong(refusal)
