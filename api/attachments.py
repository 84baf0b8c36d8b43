"""Files attached to work items, claims, remittances, appeals, audits, and whatever else carries notes."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from api.bodies import Reason, file_in
from domain.tenancy import Actor
from services.work import attachments
from services.work.attachments import LARGEST_MEGABYTES, AttachmentLine

# A little room for the form around the largest file that any setting allows; the service asks the setting itself.
LARGEST_UPLOAD = (LARGEST_MEGABYTES + 1) << 20


class Attachments(Controller):
    """Files that people attach; told by their content, kept encrypted."""

    path = "/attachments"
    tags = ("Attachments",)

    @get("/{subject_type:str}/{subject_id:uuid}")
    async def attachments_of(self, actor: Actor, subject_type: str, subject_id: UUID) -> list[AttachmentLine]:
        """The files of a subject, newest first; those removed say why."""
        return await attachments.attachments_of(actor, subject_type, subject_id)

    @post("/{subject_type:str}/{subject_id:uuid}", request_max_body_size=LARGEST_UPLOAD)
    async def attach(
        self,
        actor: Actor,
        subject_type: str,
        subject_id: UUID,
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> AttachmentLine:
        """Attach a PDF, a picture, text, CSV, or an Excel or Word file without macros."""
        most = await attachments.most_bytes(actor, subject_type, subject_id)
        file = file_in(data)
        body = await file.read(most + 1)
        return await attachments.attach(actor, subject_type, subject_id, file.filename, body)

    @get("/{attachment_id:uuid}", media_type="application/octet-stream")
    async def attachment(self, actor: Actor, attachment_id: UUID) -> bytes:
        """A file's bytes as they were sent. Opening it is audited."""
        found = await attachments.attachment(actor, attachment_id)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
        return Response(found.body, media_type=found.media_type, headers=headers)  # type: ignore[return-value]

    @post("/{attachment_id:uuid}/remove", status_code=200)
    async def remove_attachment(self, actor: Actor, attachment_id: UUID, data: Reason) -> AttachmentLine:
        """Take a file out of use; its line stays with the reason."""
        return await attachments.remove_attachment(actor, attachment_id, data.reason)
