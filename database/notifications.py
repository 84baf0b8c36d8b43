"""Telling people: one row per person and fact, and the daily e-mail that carries what they have not read by then.

The schema itself is `sql/81_notifications.sql`; a test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import Array, Boolean, Date, Integer, SmallInt, Text, Time, Timestamptz
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from database.session import Session
from domain.notifications import (
    DIGEST_HOUR,
    LONGEST_TITLE,
    Choices,
    Notice,
    Quiet,
    digest_workflow,
    next_digest,
)


class NotificationRow(Table, tablename="notifications", db=ENGINE):
    tenant_id = UUIDColumn(default=None)
    id = UUIDColumn(primary_key=True, default=time_ordered_id)
    user_id = UUIDColumn(default=None)
    kind = Text()
    key = Text()
    title = Text()
    href = Text()
    in_page = Boolean(default=True)
    in_digest = Boolean(default=True)
    digest_id = UUIDColumn(null=True, default=None)
    created_at = Timestamptz()
    read_at = Timestamptz(null=True, default=None)


class NotificationSettingsRow(Table, tablename="notification_settings", db=ENGINE):
    tenant_id = UUIDColumn(default=None)
    user_id = UUIDColumn(primary_key=True, default=None)
    quiet = Text(default="off")
    quiet_from = Time()
    quiet_to = Time()
    zone = Text(default="")
    not_in_page = Array(base_column=Text())
    not_in_digest = Array(base_column=Text())
    digest = Boolean(default=True)
    digest_hour = SmallInt(default=DIGEST_HOUR)
    version = Integer(default=1)


class DigestRow(Table, tablename="digests", db=ENGINE):
    tenant_id = UUIDColumn(default=None)
    id = UUIDColumn(primary_key=True, default=time_ordered_id)
    user_id = UUIDColumn(default=None)
    day = Date()
    due_at = Timestamptz()
    state = Text(default="waiting")
    visited = Array(base_column=Text())
    entries = Integer(default=0)
    failure = Text(default="")
    sent_at = Timestamptz(null=True, default=None)


# Active members among those asked for, with what they have chosen and the last day whose e-mail is beyond waiting.
_PEOPLE = """
SELECT m.user_id, coalesce(nullif(s.zone, ''), e.time_zone, t.time_zone) AS zone, s.quiet, s.quiet_from, s.quiet_to,
    s.not_in_page, s.not_in_digest, s.digest, s.digest_hour,
    (SELECT max(d.day) FROM digests d WHERE d.tenant_id = m.tenant_id AND d.user_id = m.user_id
        AND d.state <> 'waiting') AS last_day
FROM memberships m JOIN tenants t ON t.id = m.tenant_id
LEFT JOIN notification_settings s ON s.tenant_id = m.tenant_id AND s.user_id = m.user_id
LEFT JOIN employees e ON e.tenant_id = m.tenant_id AND e.user_id = m.user_id
WHERE m.tenant_id = current_tenant() AND m.user_id = ANY($1::uuid[]) AND m.status = 'active' ORDER BY m.user_id
"""
_TELL = """
INSERT INTO notifications (tenant_id, user_id, kind, key, title, href, in_page, in_digest)
SELECT $1, t.user_id, $2, $3, $4, $5, t.in_page, t.in_digest
FROM unnest($6::uuid[], $7::boolean[], $8::boolean[]) AS t (user_id, in_page, in_digest)
ON CONFLICT (tenant_id, user_id, key) DO NOTHING RETURNING user_id
"""
_PLAN = """
INSERT INTO digests (tenant_id, user_id, day, due_at)
SELECT $1, t.user_id, t.day, t.due_at FROM unnest($2::uuid[], $3::date[], $4::timestamptz[]) AS t (user_id, day, due_at)
ON CONFLICT (tenant_id, user_id, day) DO NOTHING RETURNING id
"""
# Shared: nobody who tells waits for another, but the e-mail is not put together before this transaction has ended.
_STILL_WAITING = """
SELECT d.user_id FROM digests d JOIN unnest($1::uuid[], $2::date[]) AS t (user_id, day)
    ON d.user_id = t.user_id AND d.day = t.day
WHERE d.tenant_id = current_tenant() AND d.state = 'waiting' FOR SHARE OF d
"""


@dataclass(frozen=True, slots=True)
class _Reader:
    user_id: UUID
    choices: Choices
    last_day: date | None


async def notify(
    session: Session, user_ids: Iterable[UUID], *, kind: Notice | str, title: str, href: str, key: str
) -> int:
    """Tell these people once per `key`; the number of those who had not been told. Who is no active member is left out.

    `title` is made of references, never of a patient; `href` is a path of our own; `key` comes from the fact.
    """
    notice = Notice(kind)
    readers = {one.user_id: one for one in await _readers(session, user_ids)}
    told = await session.fetch(
        _TELL,
        session.tenant_id,
        str(notice),
        key,
        title[:LONGEST_TITLE],
        href,
        list(readers),
        [one.choices.in_page(notice) for one in readers.values()],
        [one.choices.in_digest(notice) for one in readers.values()],
    )
    new = [readers[row["user_id"]] for row in told]
    await _plan_digests(session, [one for one in new if one.choices.in_digest(notice)])
    return len(new)


async def choices_of(session: Session, user_id: UUID) -> Choices:
    """How this person wishes to be told; a person who is no active member reads in the tenant's zone."""
    readers = await _readers(session, [user_id])
    if readers:
        return readers[0].choices
    return Choices(await session.value("SELECT time_zone FROM tenants WHERE id = current_tenant()"))


async def plan_digest(session: Session, user_id: UUID) -> None:
    """Have the person's next e-mail wait until the hour that they have chosen now, if something is to be told."""
    readers = await _readers(session, [user_id])
    if readers and readers[0].choices.digest:
        await _plan_digests(session, readers)


async def _readers(session: Session, user_ids: Iterable[UUID]) -> list[_Reader]:
    rows = await session.fetch(_PEOPLE, list(set(user_ids)))
    return [_Reader(row["user_id"], _choices(row), row["last_day"]) for row in rows]


def _choices(row: Any) -> Choices:
    if row["quiet"] is None:
        return Choices(row["zone"])
    return Choices(
        row["zone"],
        Quiet(row["quiet"]),
        row["quiet_from"],
        row["quiet_to"],
        frozenset(row["not_in_page"]),
        frozenset(row["not_in_digest"]),
        row["digest"],
        row["digest_hour"],
    )


async def _plan_digests(session: Session, readers: list[_Reader]) -> None:
    """See that each has an e-mail waiting; a day whose e-mail is already put together leaves it to the next."""
    now = datetime.now(UTC)
    after = {one.user_id: one.last_day for one in readers}
    left = readers
    while left:
        days = [
            next_digest(now, one.choices.zone, one.choices.digest_hour, after[one.user_id]) for one in left
        ]
        who, on = [one.user_id for one in left], [day for day, _ in days]
        planned = await session.fetch(_PLAN, session.tenant_id, who, on, [due for _, due in days])
        for row in planned:
            await _start(session, row["id"])
        waiting = {row["user_id"] for row in await session.fetch(_STILL_WAITING, who, on)}
        after |= dict(zip(who, on, strict=True))
        left = [one for one in left if one.user_id not in waiting]


async def _start(session: Session, digest_id: UUID) -> None:
    await session.tell(
        "start",
        digest_workflow(session.tenant_id, digest_id),
        "",
        {"tenant_id": session.tenant_id, "digest_id": digest_id},
        workflow="DailyDigest",
    )
