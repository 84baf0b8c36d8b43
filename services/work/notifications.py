"""What a person was told: the bell, the list, and how they wish to be told. Everybody sees and sets their own alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from activities.ports import mail_place
from database.notifications import choices_of, plan_digest
from database.session import Session
from domain.notifications import (
    DIGEST_HOUR,
    WORDS,
    Choices,
    Notice,
    Quiet,
    checked,
    digest_workflow,
    next_digest,
    quiet_hours,
)
from domain.paging import Page, encode_cursor, page_size, uuid_in
from domain.refusals import Invalid, NotFound
from services import door

# More than this is shown as "99+": counting on is of no use to anybody.
MOST_COUNTED = 100
SHOWN_AT_BELL = 6


_GLANCE = f"""
SELECT (SELECT count(*) FROM (SELECT 1 FROM notifications WHERE tenant_id = current_tenant() AND user_id = $1
            AND in_page AND read_at IS NULL LIMIT {MOST_COUNTED}) AS counted) AS unread,
    (SELECT id FROM notifications WHERE tenant_id = current_tenant() AND user_id = $1 AND in_page
        ORDER BY id DESC LIMIT 1) AS latest
"""
_NEWEST = f"""
SELECT * FROM notifications WHERE tenant_id = current_tenant() AND user_id = $1 AND in_page AND read_at IS NULL
ORDER BY id DESC LIMIT {SHOWN_AT_BELL}
"""


@dataclass(frozen=True, slots=True)
class NotificationLine:
    """One notification. `title` is made of references; `href` is the page that it is about."""

    id: UUID
    kind: Notice
    title: str
    href: str
    created_at: datetime
    read_at: datetime | None

    @property
    def label(self) -> str:
        """Its kind in words."""
        return WORDS[self.kind]


@dataclass(frozen=True, slots=True)
class Bell:
    """What the bell shows: how many are unread (at most 100 are counted), the newest of them, and whether it may pop up.

    `latest` is the newest notification of all, read or not: what comes after it is news."""

    unread: int
    newest: list[NotificationLine]
    quiet: bool
    latest: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChoiceFacts:
    """How a person wishes to be told. Hours, as `18:00`, are of `zone`; empty means that of their employee record, else
    the tenant's."""

    quiet: Quiet = Quiet.OFF
    quiet_from: str = "18:00"
    quiet_to: str = "08:00"
    zone: str = ""
    not_in_page: tuple[Notice, ...] = ()
    not_in_digest: tuple[Notice, ...] = ()
    digest: bool = True
    digest_hour: int = DIGEST_HOUR


@dataclass(frozen=True, slots=True)
class DigestView:
    """The last e-mail that is beyond waiting: its day, what became of it, and the code if it could not be sent."""

    day: str
    state: str
    entries: int
    failure: str


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """What was chosen, the zone in force, when the next e-mail would leave, where e-mail goes, and the last one."""

    choices: ChoiceFacts
    zone: str
    next_digest_at: datetime | None
    address: str
    mail_place: str
    last: DigestView | None


@door.query(None)
async def bell(session: Session) -> Bell:
    """The asker's unread notifications at a glance."""
    person = _person(session)
    facts = await session.row(_GLANCE, person)
    if not facts["unread"]:
        return Bell(0, [], False, facts["latest"])
    rows = await session.fetch(_NEWEST, person)
    quiet = (await choices_of(session, person)).quiet_at(datetime.now(UTC))
    return Bell(facts["unread"], [_line(row) for row in rows], quiet, facts["latest"])


@door.query(None)
async def list_notifications(
    session: Session,
    *,
    kind: str = "",
    unread: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[NotificationLine]:
    """The asker's notifications, newest first, of one kind or of all."""
    wanted = [str(_kind(kind))] if kind else [str(one) for one in Notice]
    size = page_size(limit)
    rows = await session.fetch(
        "SELECT * FROM notifications WHERE tenant_id = current_tenant() AND user_id = $1 AND in_page"
        " AND kind = ANY($2::text[]) AND ($3::uuid IS NULL OR id < $3)"
        f"{' AND read_at IS NULL' if unread else ''} ORDER BY id DESC LIMIT {size + 1}",
        session.actor.user_id,
        wanted,
        uuid_in(cursor) if cursor else None,
    )
    following = encode_cursor(rows[size - 1]["id"]) if len(rows) > size else None
    return Page([_line(row) for row in rows[:size]], following)


@door.command(None, of="notifications")
async def mark(session: Session, notification_id: UUID, read: bool = True) -> NotificationLine:
    """Mark one as read, or as unread again."""
    row = await session.row(
        "UPDATE notifications SET read_at = CASE WHEN $3 THEN coalesce(read_at, now()) END"
        " WHERE tenant_id = current_tenant() AND id = $1 AND user_id = $2 RETURNING *",
        notification_id,
        session.actor.user_id,
        read,
    )
    if row is None:
        raise NotFound(
            "not_found", "There is nothing here under this id, or it is not yours.", "Reload the list."
        )
    return _line(row)


@door.command(None)
async def mark_all(session: Session, *, kind: str = "") -> int:
    """Mark all of a kind, or all, as read; their number."""
    wanted = [str(_kind(kind))] if kind else [str(one) for one in Notice]
    return await session.execute(
        "UPDATE notifications SET read_at = now() WHERE tenant_id = current_tenant() AND user_id = $1"
        " AND read_at IS NULL AND kind = ANY($2::text[])",
        session.actor.user_id,
        wanted,
    )


@door.query(None)
async def my_choices(session: Session) -> ChoicesView:
    """How the asker wishes to be told, and where their e-mail goes."""
    person = _person(session)
    row = await session.row(
        "SELECT s.zone, u.email, array(SELECT d.id FROM digests d WHERE d.tenant_id = current_tenant()"
        " AND d.user_id = u.id AND d.state IN ('sent', 'failed') ORDER BY d.day DESC LIMIT 1) AS last FROM users u"
        " LEFT JOIN notification_settings s ON s.tenant_id = current_tenant() AND s.user_id = u.id WHERE u.id = $1",
        person,
    )
    choices = await choices_of(session, person)
    due = next_digest(datetime.now(UTC), choices.zone, choices.digest_hour)[1] if choices.digest else None
    last = await session.row("SELECT * FROM digests WHERE id = $1", row["last"][0]) if row["last"] else None
    return ChoicesView(
        _facts(choices, row["zone"] or ""),
        choices.zone,
        due,
        row["email"],
        mail_place(),
        last and DigestView(str(last["day"]), last["state"], last["entries"], last["failure"]),
    )


@door.command(None)
async def choose(session: Session, facts: ChoiceFacts) -> None:
    """Choose how to be told. An e-mail that waits follows to the hour chosen, one that nobody wants any more says nothing."""
    person = _person(session)
    zone = facts.zone or (await choices_of(session, person)).zone
    begins, ends = quiet_hours(facts.quiet_from, facts.quiet_to)
    checked(
        Choices(
            zone,
            facts.quiet,
            begins,
            ends,
            frozenset(facts.not_in_page),
            frozenset(facts.not_in_digest),
            facts.digest,
            facts.digest_hour,
        )
    )
    await session.execute(
        "INSERT INTO notification_settings AS s (tenant_id, user_id, quiet, quiet_from, quiet_to, zone, not_in_page,"
        " not_in_digest, digest, digest_hour) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (tenant_id, user_id) DO UPDATE SET quiet = excluded.quiet, quiet_from = excluded.quiet_from,"
        " quiet_to = excluded.quiet_to, zone = excluded.zone, not_in_page = excluded.not_in_page,"
        " not_in_digest = excluded.not_in_digest, digest = excluded.digest, digest_hour = excluded.digest_hour,"
        " version = s.version + 1",
        session.tenant_id,
        person,
        str(facts.quiet),
        begins,
        ends,
        facts.zone,
        [str(one) for one in facts.not_in_page],
        [str(one) for one in facts.not_in_digest],
        facts.digest,
        facts.digest_hour,
    )
    await _move_digest(session, person)


async def _move_digest(session: Session, person: UUID) -> None:
    """The e-mail that waits is due at the hour chosen now: its day stays, so that no day has two."""
    choices = await choices_of(session, person)
    row = await session.row(
        "SELECT id FROM digests WHERE tenant_id = current_tenant() AND user_id = $1 AND state = 'waiting'"
        " ORDER BY day FOR UPDATE",
        person,
    )
    if row is None:
        await plan_digest(session, person)
        return
    last = await session.value(
        "SELECT max(day) FROM digests WHERE tenant_id = current_tenant() AND user_id = $1 AND state <> 'waiting'",
        person,
    )
    day, due = next_digest(datetime.now(UTC), choices.zone, choices.digest_hour, last)
    await session.execute(
        "UPDATE digests d SET day = $2, due_at = $3 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM digests o"
        " WHERE o.tenant_id = d.tenant_id AND o.user_id = d.user_id AND o.day = $2 AND o.id <> d.id)",
        row["id"],
        day,
        due,
    )
    task = {"tenant_id": session.tenant_id, "digest_id": row["id"]}
    await session.tell(
        "signal_with_start",
        digest_workflow(session.tenant_id, row["id"]),
        "moved",
        task,
        workflow="DailyDigest",
        signal_payload=task,
    )


def _person(session: Session) -> UUID:
    """Whose notifications: a person's, or those of the person who made the token."""
    assert session.actor.user_id is not None  # workflows do not come through the door
    return session.actor.user_id


def _kind(text: str) -> Notice:
    try:
        return Notice(text)
    except ValueError:
        words = f"Kinds: {', '.join(Notice)}."
        raise Invalid("notifications.kind_unknown", "There is no such kind of notification.", words) from None


def _line(row: Any) -> NotificationLine:
    return NotificationLine(
        row["id"], Notice(row["kind"]), row["title"], row["href"], row["created_at"], row["read_at"]
    )


def _facts(choices: Choices, zone: str) -> ChoiceFacts:
    return ChoiceFacts(
        choices.quiet,
        f"{choices.quiet_from:%H:%M}",
        f"{choices.quiet_to:%H:%M}",
        zone,
        tuple(Notice(one) for one in sorted(choices.not_in_page)),
        tuple(Notice(one) for one in sorted(choices.not_in_digest)),
        choices.digest,
        choices.digest_hour,
    )
