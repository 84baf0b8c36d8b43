"""Notifications: their kinds, when a person is not to be disturbed, and when the daily e-mail is due.

Titles are made from references only, as those of work items, so that neither a page nor an e-mail can carry PHI.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from domain.refusals import FieldError, Invalid

LONGEST_TITLE = 200
DIGEST_HOUR = 7


class Notice(StrEnum):
    """What a person can be told."""

    ASSIGNED = "assigned"
    AUDIT_COMPLETE = "audit_complete"
    FILE_REJECTED = "file_rejected"
    SLA_AT_RISK = "sla_at_risk"
    FLOAT_ASSIGNMENT = "float_assignment"
    MENTION = "mention"
    APPROVAL = "approval"
    WATCHED = "watched"
    INCIDENT = "incident"


# For one and for many, as the page and the e-mail say it.
WORDS: dict[Notice, str] = {
    Notice.ASSIGNED: "Work assigned to you",
    Notice.AUDIT_COMPLETE: "Audits completed",
    Notice.FILE_REJECTED: "Files rejected",
    Notice.SLA_AT_RISK: "Deadlines at risk",
    Notice.FLOAT_ASSIGNMENT: "Float assignments",
    Notice.MENTION: "Notes that mention you",
    Notice.APPROVAL: "Approvals",
    Notice.WATCHED: "Changes to what you watch",
    Notice.INCIDENT: "Processes that stopped",
}


class Quiet(StrEnum):
    """When nothing pops up: new notifications are counted at the bell all the same."""

    OFF = "off"
    ALWAYS = "always"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Choices:
    """How one person wishes to be told in one tenant. `zone` is an IANA name; hours are of that zone."""

    zone: str
    quiet: Quiet = Quiet.OFF
    quiet_from: time = time(18)
    quiet_to: time = time(8)
    not_in_page: frozenset[str] = frozenset()
    not_in_digest: frozenset[str] = frozenset()
    digest: bool = True
    digest_hour: int = DIGEST_HOUR

    def in_page(self, kind: Notice) -> bool:
        """Whether this kind appears at the bell."""
        return kind not in self.not_in_page

    def in_digest(self, kind: Notice) -> bool:
        """Whether this kind goes into the daily e-mail."""
        return self.digest and kind not in self.not_in_digest

    def quiet_at(self, now: datetime) -> bool:
        """Whether nothing may pop up at this moment (aware). Hours that end before they begin run past midnight."""
        if self.quiet is not Quiet.HOURS:
            return self.quiet is Quiet.ALWAYS
        clock = now.astimezone(ZoneInfo(self.zone)).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to


def next_digest(now: datetime, zone: str, hour: int, after: date | None = None) -> tuple[date, datetime]:
    """The next day of the zone whose `hour` is still ahead, and that moment in UTC; later than `after`, if given.

    In the night when clocks go forward over the hour, it is the moment right after the gap.
    """
    local = ZoneInfo(zone)
    day = now.astimezone(local).date()
    if after is not None and day <= after:
        day = after + timedelta(days=1)
    while (due := _moment(day, hour, local)) <= now:
        day += timedelta(days=1)
    return day, due


def digest_workflow(tenant_id: UUID, digest_id: UUID) -> str:
    """The id of the workflow that sends one e-mail."""
    return f"{tenant_id}/digest/{digest_id}"


def quiet_hours(begins: str, ends: str) -> tuple[time, time]:
    """Both ends of the quiet hours, written as `18:00`; the refusal names each that cannot be read."""
    found = {"quiet_from": _clock(begins), "quiet_to": _clock(ends)}
    words = "Write a time such as 18:00."
    faults = tuple(FieldError(name, f"{name}.unreadable", words) for name, at in found.items() if at is None)
    if found["quiet_from"] is None or found["quiet_to"] is None:
        raise Invalid(
            "notifications.choices_refused",
            "These choices cannot be kept.",
            "Mend what is marked.",
            fields=faults,
        )
    return found["quiet_from"], found["quiet_to"]


def _clock(text: str) -> time | None:
    # Ask for the shape first: the library also reads seconds, zones and a leading T, none of which is meant here.
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is None:
        return None
    return time.fromisoformat(text)


def checked(choices: Choices) -> Choices:
    """The choices, or the refusal that names each field that cannot be so."""
    known = {str(kind) for kind in Notice}
    faults = [
        FieldError(name, f"{name}.unknown", words)
        for name, wrong, words in (
            (
                "zone",
                choices.zone not in available_timezones(),
                "Choose a time zone such as America/Chicago.",
            ),
            ("digest_hour", not 0 <= choices.digest_hour <= 23, "Choose an hour from 0 to 23."),
            ("not_in_page", not choices.not_in_page <= known, f"Kinds: {', '.join(sorted(known))}."),
            ("not_in_digest", not choices.not_in_digest <= known, f"Kinds: {', '.join(sorted(known))}."),
            (
                "quiet_to",
                choices.quiet is Quiet.HOURS and choices.quiet_from == choices.quiet_to,
                "Choose an end other than the beginning, or quiet always.",
            ),
        )
        if wrong
    ]
    if faults:
        raise Invalid(
            "notifications.choices_refused",
            "These choices cannot be kept.",
            "Mend what is marked.",
            fields=tuple(faults),
        )
    return choices


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
