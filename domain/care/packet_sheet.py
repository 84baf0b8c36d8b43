"""The evidence packet as a printed document: first what is billed and why it may be, then the time that it rests on."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.care.activities import ACTIVITIES, CREDENTIALS, PROGRAMMES, SOURCES, Source
from domain.care.counting import Why
from domain.care.enrolment import CONSENT_POINTS, HOW
from domain.care.entries import Credential, Programme
from domain.care.packet import (
    CONTENT,
    PacketConsent,
    PacketEntry,
    PacketFacts,
    PacketPlan,
    PacketProgramme,
    by_day,
    uncounted,
)
from domain.care.words import WHY, clock
from domain.documents import Letterhead, Markup, beside, grid, heading, pairs, paragraph, points, sheet

_SAME = (Why.SAME_SECOND, Why.OTHER_PROGRAMME)


def packet_sheet(facts: PacketFacts) -> str:
    """The HTML of a packet. Every value is escaped by the parts it is made of."""
    period = f"{facts.month:%B %Y}"
    return sheet(
        f"Evidence of care management, {period}",
        Letterhead(facts.tenant, f"{facts.patient.name} · account {facts.patient.account_number}", period),
        beside(pairs(_patient(facts)), pairs(_practice(facts))),
        *_billed(facts),
        *(part for one in facts.programmes for part in _programme(facts, one)),
        *(part for one in facts.plans for part in _plan(facts, one)),
        *_minutes(facts),
        *_entries(facts),
        *_origin(facts),
        about={
            "author": facts.tenant,
            "description": f"Evidence packet of care management, {period}",
            "generator": "Caseload",
            "dcterms.created": f"{facts.generated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
    )


def _patient(facts: PacketFacts) -> Iterable[tuple[str, object]]:
    one = facts.patient
    yield "Patient", one.name
    yield "Born", _day(one.birth_date)
    yield "Account", one.account_number
    if one.payer:
        yield "Payer", one.payer
        yield "Member id", one.member_id


def _practice(facts: PacketFacts) -> Iterable[tuple[str, object]]:
    yield "Practice", facts.practice.name
    yield "NPI", facts.practice.npi
    yield "Month", f"{facts.month:%B %Y}"
    yield "Time zone", facts.practice.zone
    yield "Programmes", ", ".join(dict.fromkeys(one.programme.upper() for one in facts.programmes))


def _billed(facts: PacketFacts) -> Iterable[Markup]:
    yield heading("What the month allows")
    if facts.lines:
        rows = [
            (one.code, one.units, _day(one.served_on), clock(one.needed_seconds) if one.needed_seconds else "–", one.rule)
            for one in facts.lines
        ]  # fmt: skip
        heads = ("Code", "Units", "Date of service", "Needs in all", "Rule")
        yield grid(heads, rows, right=(1, 3), widths=(11, 8, 17, 14, 0))
    else:
        yield paragraph("No code: the counted time reaches no threshold.")
    sums = [
        f"{programme.upper()} {clock(seconds)}" for programme, seconds in facts.counted.items() if seconds
    ]
    yield paragraph(
        f"Time counted: {', '.join(sums) or 'none'}. Rules: table version {facts.table_version}. Times are hours,"
        " minutes and seconds; nothing is rounded up."
    )
    if facts.claims:
        yield paragraph("Two claims, each of one practitioner of record:")
        yield points(
            f"{', '.join(one.codes)} ({one.programme.upper()}): {one.practitioner}, NPI {one.practitioner_npi}"
            for one in facts.claims
        )
    if facts.findings:
        told = [
            f"{'Blocks' if one.blocks else 'Noted'}: {one.message} ({one.edit})" for one in facts.findings
        ]
        yield points(told)
    else:
        yield paragraph(
            "Checked, and nothing found: the same month billed twice, overlapping programmes, an add-on without its base."
        )


def _programme(facts: PacketFacts, one: PacketProgramme) -> Iterable[Markup]:
    yield heading(f"{PROGRAMMES[Programme(one.programme)]}: practitioner and consent")
    until = f" to {_day(one.ends_on)}" if one.ends_on else ""
    complex_words = "; decisions of moderate or high complexity" if one.complex_decisions else ""
    yield pairs(
        (
            ("Practitioner of record", f"{one.practitioner}, NPI {one.practitioner_npi}"),
            ("Coordinator", one.coordinator),
            ("Chronic conditions", f"{one.conditions}{complex_words}"),
            ("Time counts", f"from {_day(one.consented_on)}{until}"),
            *_consent("Consent", one.consent, facts.practice.zone),
            *_consent("Consent revoked", one.revoked, facts.practice.zone),
        )
    )
    if one.consent and one.consent.told:
        yield paragraph("Before consenting, the patient was told:")
        yield points(CONSENT_POINTS.get(point, point) for point in one.consent.told)


def _consent(label: str, one: PacketConsent | None, zone: str) -> Iterable[tuple[str, object]]:
    if one is not None:
        how = HOW.get(one.how, one.how)
        yield label, f"{_day(one.on)}, {how.lower()}, by {one.given_by}"
        yield f"{label}: recorded", f"by {one.recorded_by}, {_moment(one.recorded_at, zone)}"


def _plan(facts: PacketFacts, one: PacketPlan) -> Iterable[Markup]:
    whose = {each.enrolment_id: f" for {each.programme.upper()}" for each in facts.programmes}
    which = whose.get(one.enrolment_id, "") if len(facts.plans) > 1 else ""
    yield heading(f"Care plan{which}, version {one.version}")
    there = [label for label, is_there in one.elements if is_there]
    missing = [label for label, is_there in one.elements if not is_there]
    yield pairs(
        (
            ("In force since", _day(one.in_force_on or one.stored_on)),
            ("Stored", _day(one.stored_on)),
            ("To be reviewed", _day(one.review_on)),
            ("Diagnoses", ", ".join(one.diagnoses)),
            ("Elements in the plan", "; ".join(there)),
            *([("Elements missing", "; ".join(missing))] if missing else []),
        )
    )


def _minutes(facts: PacketFacts) -> Iterable[Markup]:
    yield heading("Time by day, person and activity")
    lines = by_day(facts)
    if not lines:
        yield paragraph("No time was recorded in this month.")
        return
    rows = [
        (_day(one.day), one.staff, _credential(one.credential), _activity(one.activity), clock(one.counted), _some(one.uncounted))
        for one in lines
    ]  # fmt: skip
    sums = clock(sum(one.counted for one in lines)), _some(sum(one.uncounted for one in lines))
    heads = ("Day", "Person", "Credential then", "Activity", "Counted", "Not counted")
    yield grid(heads, rows, right=(4, 5), widths=(14, 19, 15, 0, 11, 13), total=("Month", "", "", "", *sums))
    if reasons := uncounted(facts):
        yield paragraph("Seconds that were recorded and do not count, by reason:")
        yield grid(
            ("Reason", "Time"), [(WHY[why], clock(sum_)) for why, sum_ in reasons.items()], (1,), (0, 15)
        )


def _entries(facts: PacketFacts) -> Iterable[Markup]:
    if not facts.entries:
        return
    numbers = {one.id: number for number, one in enumerate(facts.entries, 1)}
    zone = facts.practice.zone
    yield heading("Every entry")
    rows = [
        (
            numbers[one.id],
            *_span(one, zone),
            f"{one.staff}, {_activity(one.activity).lower()}",
            _how(one, numbers),
            "–" if one.void else clock(one.ends - one.starts),
            clock(one.counted),
            "; ".join(_reasons(one, numbers)),
        )
        for one in facts.entries
    ]
    heads = (
        "No.",
        "Day",
        "From – to",
        "Person, activity",
        "Recorded",
        "Time",
        "Counted",
        "Not counted, and why",
    )
    yield grid(heads, rows, right=(5, 6), widths=(4, 8, 21, 22, 10, 7, 9, 0))
    yield heading("Where each entry is found, and when it was written down")
    yield _places(facts.entries, zone)


def _how(one: PacketEntry, numbers: dict[UUID, int]) -> str:
    how = "Taken back" if one.void else SOURCES[Source(one.source)]
    if one.approved_by:
        how += f", approved by {one.approved_by}"
    return f"{how}, in place of No. {numbers[one.supersedes]}" if one.supersedes in numbers else how


def _places(entries: Sequence[PacketEntry], zone: str) -> Markup:
    """Two entries a line: their ids are long and there is nothing else to say of them."""
    cells = [
        (number, one.id, f"{one.recorded.astimezone(ZoneInfo(zone)):%m/%d %H:%M:%S}")
        for number, one in enumerate(entries, 1)
    ]
    half = (len(cells) + 1) // 2
    right = [*cells[half:], *([("", "", "")] * (2 * half - len(cells)))]
    heads = ("No.", "Entry", "Written down") * 2
    rows = [(*one, *other) for one, other in zip(cells[:half], right, strict=True)]
    return grid(heads, rows, widths=(5, 31, 14, 5, 31, 0), ids=True)


def _reasons(one: PacketEntry, numbers: dict[UUID, int]) -> Iterable[str]:
    for piece in one.pieces:
        if piece.why is not Why.COUNTED:
            other = f" (No. {numbers[piece.by]})" if piece.why in _SAME and piece.by in numbers else ""
            yield f"{clock(piece.seconds)} {WHY[piece.why]}{other}"


def _origin(facts: PacketFacts) -> Sequence[Markup]:
    before = facts.supersedes
    rows: list[tuple[str, object]] = [
        ("Made by", facts.generated_by),
        ("Made at", _moment(facts.generated_at, facts.practice.zone)),
        ("Rules", f"table version {facts.table_version}"),
    ]
    if before:
        told = f"{before.document_id}, kept {_moment(before.kept_at, facts.practice.zone)}, SHA-256 {before.sha256}"
        rows.append(("Takes the place of", told))
    return (
        heading("Where this packet comes from, and how to check it"),
        pairs(rows),
        paragraph(f"SHA-256 of the content: {facts.digest}", small=True),
        paragraph(
            f"Everything above is also inside this file as {CONTENT}; its SHA-256 is the one at the foot of each page. The"
            f" SHA-256 of this file itself stands in the audit trail of {facts.tenant}, whose entries are chained and"
            " sealed: whoever has the file can ask Caseload to verify it. A packet is never changed; a later one of the"
            " same month takes its place and says so.",
            small=True,
        ),
    )


def _span(one: PacketEntry, zone: str) -> tuple[str, str]:
    """`Nov 3` and `09:15:02–09:35:10`; with the second day where it lies over midnight."""
    starts, ends = (datetime.fromtimestamp(at, ZoneInfo(zone)) for at in (one.starts, one.ends))
    other = "" if starts.date() == ends.date() else f"{ends:%b} {ends.day}, "
    return f"{starts:%b} {starts.day}", f"{starts:%H:%M:%S}–{other}{ends:%H:%M:%S}"


def _day(value: date | None) -> str:
    return f"{value:%b} {value.day}, {value.year}" if value else ""


def _moment(value: datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{_day(local.date())}, {local:%H:%M:%S %Z}"


def _some(seconds: int) -> str:
    return clock(seconds) if seconds else ""


def _activity(value: str) -> str:
    return ACTIVITIES.get(value, value)


def _credential(value: str) -> str:
    return CREDENTIALS[Credential(value)].partition(":")[0]
