"""Whom a note may name: `@Name` means somebody of the tenant, and only those who may read the note."""

import re
from collections.abc import Iterable
from uuid import UUID

from activities.candidates import readers_of_words
from database.session import Session
from domain.refusals import FieldError, Invalid
from policies.permissions import Permission
from services.tenancy.actors import Member, members


async def readers_of(
    session: Session, permission: Permission, subject_type: str, subject_id: UUID
) -> dict[UUID, str]:
    """Names by id of those who may read the notes on a subject, which asks for `permission`."""
    able = [one for one in await members(session) if permission in one.permissions]
    if subject_type == "work_item":
        reads = await readers_of_words(session, subject_id, {one.user_id: one.permissions for one in able})
        able = [one for one in able if one.user_id in reads]
    return {one.user_id: one.name for one in able}


async def named_in(session: Session, text: str, readers: dict[UUID, str]) -> dict[UUID, str]:
    """Whom a text mentions among those who may read it, by id; refused when it mentions anybody else of the tenant."""
    if "@" not in text:
        return {}
    meant = mentioned(text, await members(session))
    named = {one.user_id: one.name for one in meant if one.user_id in readers}
    known = {name.lower() for name in named.values()}
    # Of two of one name, the one who may read it is meant.
    others = sorted({one.name for one in meant if one.name.lower() not in known})
    if others:
        words = "Leave out the @, name somebody else, or ask whoever leads you to give them the work first."
        raise Invalid(
            "note.not_a_reader",
            f"{' and '.join(others)} may not read notes on this.",
            words,
            fields=(FieldError("text", "note.not_a_reader", words),),
        )
    return named


def mentioned(text: str, people: Iterable[Member]) -> list[Member]:
    """Whom `@Name` in a text means: the whole name, any case, the longest that fits; two of one name are both meant."""
    by_name: dict[str, list[Member]] = {}
    for one in people:
        if one.name:
            by_name.setdefault(one.name.lower(), []).append(one)
    longest_first = sorted(by_name, key=len, reverse=True)
    if not longest_first:
        return []
    names = re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)")
    return [one for name in dict.fromkeys(names.findall(text.lower())) for one in by_name[name]]
