"""Charge capture: a new claim of either form."""

from policies.permissions import Permission as P
from services.claims import capture
from services.claims.views import ClaimView
from ui.claims.entry import Entry
from ui.page import page


@page("/claims/new")
class NewClaim(Entry):
    """Charge capture."""

    title = "New claim"
    permission = P.CLAIMS_CREATE

    async def store(self, *, release: bool) -> ClaimView:
        made = await capture.create(self.actor, self.with_custom(self.draft()), release=release)
        self.tell("ok", f"{made.reference} created.", "It is being checked.")
        self.started = False
        return made


@page("/claims/new/institutional")
class NewInstitutionalClaim(NewClaim):
    """Charge capture of an institutional claim."""

    title = "New institutional claim"
    form_name = "claim/new-institutional"
    address = "/claims/new/institutional"
    other_form = ("Professional (837P)", "/claims/new")
    institutional = True
