"""The claim's submissions: the chain of answers to each version, its filing limit, and the proof that it was filed."""

from typing import TYPE_CHECKING
from uuid import UUID

from policies.permissions import Permission as P
from services.documents import DocumentLine, documents_of
from services.edi.filing_proofs import prove_filing
from services.edi.submission_views import LinkView, SubmissionView
from services.edi.submissions import submissions_of
from ui.page import Event, Page
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.chains import ChainStep, chain
from ui.parts.chips import chip, code_text
from ui.parts.documents import documents_card
from ui.parts.markup import Child, Markup, a, details, div, p, small, span, summary
from ui.parts.states import Loaded, shown
from ui.parts.table import facts
from ui.parts.times import day, moment

if TYPE_CHECKING:
    from ui.claims.detail import Claim

_QUIET = frozenset({"needless", "not_yet", "stopped"})


class Filed(Page):
    """What a claim's page adds for its submissions and documents."""

    submissions: Loaded[list[SubmissionView]]
    documents: Loaded[list[DocumentLine]]

    async def load_submissions(self, claim_id: UUID) -> None:
        """Read the chains, and the documents where the person may open them."""
        self.submissions = await self.read(submissions_of, claim_id)
        may = self.may(P.DOCUMENTS_VIEW)
        self.documents = await self.read(documents_of, "claim", claim_id) if may else Loaded([])

    async def do_prove_filing(self, event: Event) -> None:
        """Make the proof of timely filing of one version."""
        made = await prove_filing(self.actor, self.id("claim_id"), event.number("version", 0))
        self.tell("ok", f"{made.kind_label} is ready.", "Open it under Documents.")


def submission_card(page: "Claim") -> Markup | None:
    """The newest submission's chain; the earlier ones folded away. Nothing before the first was sent."""
    if page.submissions.value == []:
        return None
    return shown(page.submissions, lambda found: _card(page, found))


def documents_of_claim(page: "Claim") -> Markup | None:
    """The claim's documents; nothing for who may not open any."""
    if not page.may(P.DOCUMENTS_VIEW):
        return None
    if page.documents.value is None:
        return card("Documents", shown(page.documents, lambda found: documents_card(found, page.zone)))
    return documents_card(page.documents.value, page.zone)


def _card(page: "Claim", found: list[SubmissionView]) -> Markup:
    newest, *earlier = found
    folded = [
        details(summary(f"Version {one.version}, claim number {one.claim_number}"), _submission(one, page))
        for one in earlier
    ]
    return card("Submission", _submission(newest, page), *folded, action=_proof(page, newest))


def _submission(one: SubmissionView, page: "Claim") -> Markup:
    batch = (
        a(one.batch_reference, href=f"/batches/{one.batch_id}")
        if page.may(P.EDI_VIEW)
        else one.batch_reference
    )
    numbers = f"ISA13 {one.interchange_number}, GS06 {one.group_number}, ST02 {one.set_number}"
    pairs = facts(
        ("Version", f"{one.version}, frequency {one.frequency}"),
        ("Payer", one.payer_name),
        ("Sent", moment(one.sent_at, page.zone)),
        ("Batch", span(batch, " ", small(numbers))),
        ("Claim number", code_text(one.claim_number)),
        ("Filing limit", div(day(one.filing_limit), div(small(one.filing_rule)))),
    )
    why = one.provable and p(small("No proof of timely filing: ", one.provable), cls="faint")
    earlier = not one.current and not one.provable and _proof(page, one)
    return div(chain([_step(link) for link in one.links], page.zone), pairs, why, earlier, cls="submission")


def _proof(page: "Claim", one: SubmissionView) -> Child:
    if one.provable or not page.may(P.DOCUMENTS_VIEW):
        return None
    return action("Prove timely filing", "prove_filing", look="quiet", data_version=one.version)


def _step(link: LinkView) -> ChainStep:
    about = [link.codes] if link.codes else []
    if link.answers > 1:
        about.append(f"{link.answers} answers")
    by = link.expected_by if link.state in ("awaited", "late") else None
    return ChainStep(
        link.label,
        link.sender,
        link.state_label if link.state not in _QUIET or link.at is None else "",
        link.tone,
        link.at,
        by,
        link.late,
        link.file_id,
        link.file_name,
        link.control_number if link.stage == "control_number" else "",
        about,
    )


def late_chip(late: bool, alarmed: bool) -> Child:
    """Whether an awaited answer is overdue, and whether somebody was asked."""
    if not late:
        return None
    return chip("Overdue", "bad", "a work item is open" if alarmed else "the alarm is about to ring")
