"""What a partner said, claim by claim, from the decoded answers: nothing is stored here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from domain.x12.decode_277ca import ClaimAcknowledgment, ClaimStatus, LevelStatus
from domain.x12.decode_999 import ACCEPTED_VERDICTS, GroupAcknowledgment, SetAcknowledgment

# CLP07 and REF02 have at most 50 characters; what is longer cannot be sent back as REF*F8.
LONGEST_CONTROL_NUMBER = 50


@dataclass(frozen=True, slots=True)
class Said:
    """One partner's word on one claim, ready to be stored. `stage` is 999, clearinghouse or payer."""

    place: Any
    kind: str
    stage: str
    verdict: str
    category: str = ""
    status_code: str = ""
    control_number: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def control_number(text: str) -> int | None:
    """A control number as sent; None when it is none, since a partner's text may be anything."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def same_number(ours: str, theirs: str) -> bool:
    """Whether two control numbers are one, however each side pads them."""
    return ours.lstrip("0") == theirs.strip().lstrip("0")


def group_verdict(group: GroupAcknowledgment) -> str:
    """accepted, partially_accepted or rejected: what the sets of a group come to together."""
    if not group.sets:
        return "accepted" if group.verdict in ACCEPTED_VERDICTS else "rejected"
    accepted = [answered.accepted for answered in group.sets]
    if all(accepted):
        return "accepted"
    return "partially_accepted" if any(accepted) else "rejected"


def set_said(answered: SetAcknowledgment, places: Iterable[Any]) -> list[Said]:
    """A rejected set rejects all its claims; the errors are kept with the claims at whose segments they stand."""
    verdict = "accepted" if answered.accepted else "rejected"
    said = []
    for place in places:
        errors = [
            {"segment": e.segment_id, "position": e.position, "loop": e.loop, "code": e.code,
             "elements": [{"element": i.element, "code": i.code} for i in e.elements]}
            for e in answered.errors
            if place["first_segment"] <= e.position <= place["last_segment"]
        ]  # fmt: skip
        codes = ",".join(answered.codes)
        said.append(Said(place, "999", "999", verdict, answered.verdict, codes, detail={"errors": errors}))
    return said


def group_said(group: GroupAcknowledgment, places: Iterable[Any]) -> list[Said]:
    """A group that was refused before its sets were looked at is answered by AK9 alone."""
    verdict, codes = group_verdict(group), ",".join(group.codes)
    return [Said(place, "999", "999", verdict, group.verdict, codes) for place in places]


def claim_said(answer: ClaimAcknowledgment, claim: ClaimStatus, place: Any) -> Said:
    """`place` is None for a claim that was not sent from here: the word is kept, and moves nothing."""
    verdict = claim.verdict or "received"
    statuses = [*claim.statuses, *(status for line in claim.lines for status in line.statuses)]
    telling = next((status for status in statuses if status.verdict == verdict), None)
    return Said(
        place,
        "277CA",
        stage_of(answer),
        verdict,
        telling.category if telling else "",
        telling.code if telling else "",
        claim.payer_claim_control_number[:LONGEST_CONTROL_NUMBER] if answer.sender.is_payer else "",
        {"statuses": [f"{one.category}:{one.code}:{one.entity}" for one in statuses[:20]]}
        | ({} if place else {"claim_number": claim.claim_number[:50]}),
    )


def level_said(answer: ClaimAcknowledgment, places: Iterable[Any], level: LevelStatus) -> list[Said]:
    """A batch (2200B) or a provider (2200C) refused as a whole: the answer to all its claims that were not named."""
    named = {claim.claim_number for claim in answer.claims}
    telling = next(status for status in level.statuses if status.verdict == "rejected")
    detail = {"level": "provider"} if level.level == "19" else {"level": "batch"}
    return [
        Said(place, "277CA", stage_of(answer), "rejected", telling.category, telling.code, detail=detail)
        for place in places
        if place is None or place["claim_number"] not in named
    ]


def stage_of(answer: ClaimAcknowledgment) -> str:
    """Who speaks: a clearinghouse does not speak for the payer."""
    return "payer" if answer.sender.is_payer else "clearinghouse"
