"""Who is told that a file was rejected: whoever may see files and leads the work on them or keeps the connections."""

from collections.abc import Sequence
from uuid import UUID

from activities.edi.answers import Said
from database.approval_states import holders_of
from database.notifications import notify
from database.session import Session
from domain.notifications import Notice


async def tell_of_rejections(session: Session, file_id: UUID, said: Sequence[Said]) -> None:
    """Tell that a TA1, 999 or 277CA rejects something, once per answering file."""
    rejecting = [one for one in said if one.verdict == "rejected"]
    if not rejecting:
        return
    claims = {one.place["claim_id"] for one in rejecting if one.place is not None} - {None}
    what = {0: "a batch or provider", 1: "1 claim"}.get(len(claims), f"{len(claims)} claims")
    name = await session.value("SELECT remote_name FROM edi_files WHERE id = $1", file_id)
    await _tell(session, file_id, f"{name}: {rejecting[0].kind} rejects {what}", "rejects")


async def tell_of_refusal(session: Session, file_id: UUID, name: str, code: str) -> None:
    """Tell that a file which came in cannot be read, with the code of why."""
    await _tell(session, file_id, f"{name}: it could not be read ({code})", "refused")


async def _tell(session: Session, file_id: UUID, title: str, what: str) -> None:
    people = await holders_of(session, "edi.view")
    people &= await holders_of(session, "work.assign") | await holders_of(session, "connections.manage")
    key = f"file/{file_id}/{what}"
    await notify(session, people, kind=Notice.FILE_REJECTED, title=title, href=f"/files/{file_id}", key=key)
