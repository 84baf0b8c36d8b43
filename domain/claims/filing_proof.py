"""Proof of timely filing: what was sent when under which numbers, and which acceptance proves that it arrived in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.calendar import FilingRule
from domain.documents import Letterhead, Markup, heading, pairs, paragraph, sheet, verbatim
from domain.refusals import Conflict

TITLE = "Proof of timely filing"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One acknowledgement that accepted the submission: `segments` are quoted exactly, `at` is when it was taken in."""

    sender: str  # translator, clearinghouse or payer
    kind: str  # 999 or 277CA
    at: datetime
    codes: str
    control_number: str
    file_name: str
    file_sha256: str
    segments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything that the proof says (PHI). `accepted` is the acceptance that counts; the others stand beside it."""

    tenant: str
    time_zone: str
    reference: str
    claim_number: str
    version: int
    frequency: str
    provider: str
    npi: str
    payer: str
    payer_number: str
    patient: str
    member_id: str
    service_from: date
    service_to: date
    charge: str
    rule: str
    limit: date
    file_name: str
    file_sha256: str
    sent_at: datetime
    interchange_number: int
    group_number: int
    set_number: str
    reference_number: str
    accepted: Acceptance
    others: Sequence[Acceptance]


def rule_in_words(rule: FilingRule, service_date: date, *, institutional: bool) -> str:
    """How the filing limit is computed."""
    which = "last day of service (Through date)" if institutional else "first day of service (From date)"
    if rule.medicare:
        return f"Medicare: one calendar year from the {which}, {service_date}, to receipt"
    return f"{rule.timely_filing_days} days from the {which}, {service_date}, to receipt"


def must_prove(accepted_on: date | None, limit: date, *, sent: bool, rejected: bool) -> None:
    """Refuse, with the reason, when there is no acceptance that proves anything."""
    code, title, what_to_do = "", "", ""
    if not sent:
        code, title = "proof.not_sent", "This version was not sent yet."
        what_to_do = "Release the claim; the proof can be made when its payer or clearinghouse accepts it."
    elif rejected:
        code, title = "proof.rejected", "This version was rejected: a rejected claim was never filed."
        what_to_do = "Correct and resend it, or make the proof of an earlier version that was accepted."
    elif accepted_on is None:
        code, title = "proof.nothing_accepted", "No 277CA has accepted this version yet."
        what_to_do = (
            "Wait for the acceptance; a 999 shows that the file was readable, not that the claim was filed."
        )
    elif accepted_on > limit:
        code, title = "proof.too_late", f"It was accepted on {accepted_on}, after the limit of {limit}."
        what_to_do = (
            "Look for an earlier version that was accepted in time, or for a reason that extends the limit."
        )
    if code:
        raise Conflict(code, title, what_to_do)


def document(filing: Filing) -> str:
    """The proof as HTML for printing."""
    about = f"{filing.patient} · claim {filing.claim_number}"
    period = _days(filing.service_from, filing.service_to)
    others = [part for one in filing.others for part in _acceptance(one, filing.time_zone)]
    return sheet(
        TITLE,
        Letterhead(filing.tenant, about, period),
        paragraph(_statement(filing)),
        heading("The claim"),
        pairs(_claim(filing)),
        heading("The filing limit"),
        pairs(_limit(filing)),
        heading("The submission"),
        pairs(_submission(filing)),
        heading("The acceptance"),
        *_acceptance(filing.accepted, filing.time_zone, headed=False),
        *others,
    )


def _statement(filing: Filing) -> str:
    on, who = _day(filing.accepted.at, filing.time_zone), _WHO[filing.accepted.sender]
    left = (filing.limit - on).days
    early = "on the last day" if left == 0 else f"{left} {'day' if left == 1 else 'days'} before the limit"
    return (
        f"The claim below was submitted electronically to {filing.payer} and accepted by {who} on {on}, {early} of"
        f" {filing.limit}. The acknowledgements are quoted exactly as they were received; the files are kept"
        " unaltered under the SHA-256 sums given here."
    )


_WHO = {"payer": "the payer", "clearinghouse": "the payer's clearinghouse", "translator": "the translator"}


def _claim(filing: Filing) -> list[tuple[str, object]]:
    return [
        ("Claim number (CLM01)", filing.claim_number),
        ("Our reference", f"{filing.reference}, version {filing.version}, frequency {filing.frequency}"),
        ("Payer", f"{filing.payer} ({filing.payer_number})"),
        ("Payer claim control number", filing.accepted.control_number),
        ("Billing provider", f"{filing.provider}, NPI {filing.npi}"),
        ("Patient", filing.patient),
        ("Member id", filing.member_id),
        ("Service", _days(filing.service_from, filing.service_to)),
        ("Charge", filing.charge),
    ]


def _limit(filing: Filing) -> list[tuple[str, object]]:
    return [
        ("Rule", filing.rule),
        ("Limit", filing.limit),
        ("Accepted on", f"{_day(filing.accepted.at, filing.time_zone)} by {_WHO[filing.accepted.sender]}"),
    ]


def _submission(filing: Filing) -> list[tuple[str, object]]:
    return [
        ("File", filing.file_name),
        ("SHA-256", filing.file_sha256),
        ("Sent", _moment(filing.sent_at, filing.time_zone)),
        ("Interchange (ISA13)", f"{filing.interchange_number:09d}"),
        ("Group (GS06)", filing.group_number),
        ("Transaction set (ST02)", filing.set_number),
        ("Batch reference (BHT03)", filing.reference_number),
    ]


def _acceptance(one: Acceptance, zone: str, *, headed: bool = True) -> list[Markup]:
    who = {"payer": "Payer", "clearinghouse": "Clearinghouse", "translator": "Translator"}[one.sender]
    facts: list[tuple[str, object]] = [
        ("From", f"{who} {one.kind}"),
        ("Received", _moment(one.at, zone)),
        ("Verdict", one.codes),
        ("File", one.file_name),
        ("SHA-256", one.file_sha256),
    ]
    parts = [heading(f"Also: {who.lower()} {one.kind}")] if headed else []
    return [*parts, pairs(facts), verbatim(one.segments)]


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
