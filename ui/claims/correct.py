"""The correction of a claim, in the form in which it was captured."""

from policies.permissions import Permission as P
from services.claims import capture, catalogue
from services.claims.views import ClaimView
from services.work import drafts
from ui.claims.bill_draft import bill_sheet
from ui.claims.entry import Entry
from ui.claims.sheet import from_draft
from ui.page import page
from ui.rules.custom import PREFIX
from ui.rules.fields import texts_of


@page("/claims/{claim_id}/edit")
class EditClaim(Entry):
    """Correction of a claim: before it is sent, after a rejection, or as a replacement of what the payer decided."""

    title = "Correct claim"
    permission = P.CLAIMS_CORRECT

    claim: ClaimView

    @property
    def name(self) -> str:
        """The claim's reference."""
        return f"Correct {self.claim.reference}" if hasattr(self, "claim") else self.title

    async def start(self) -> None:
        self.form_name = f"claim/{self.id('claim_id')}"
        self.claim = await catalogue.get_claim(self.actor, self.id("claim_id"))
        self.findings = self.claim.findings
        kept = await drafts.draft(self.actor, self.form_name)
        # A draft from before the claim's last change would undo that change.
        fresh = kept is not None and kept.saved_at > self.claim.updated_at
        self.institutional = self.claim.form == "institutional"
        stored = bill_sheet if self.institutional else from_draft
        self.sheet = self._from_kept(kept.fields) if kept and fresh else stored(self.claim.draft)
        for code, text in texts_of(self.custom, self.claim.custom).items():
            self.sheet.heads.setdefault(f"{PREFIX}{code}", text)
        self.saved_at = kept.saved_at if kept and fresh else None

    async def store(self, *, release: bool) -> ClaimView:
        done = await capture.correct(
            self.actor, self.claim.id, self.with_custom(self.draft()), expected_version=self.claim.version
        )
        self.tell("ok", "Corrected.", "It is being checked again.")
        return done
