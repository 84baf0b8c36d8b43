"""Documents: what is kept about a subject, and one opened."""

from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get

from domain.tenancy import Actor
from services import documents
from services.documents import DocumentLine


class Documents(Controller):
    """Letters, statements and proofs as they were made."""

    path = "/documents"
    tags = ("Documents",)

    @get("/{subject_type:str}/{subject_id:uuid}")
    async def documents_of(self, actor: Actor, subject_type: str, subject_id: UUID) -> list[DocumentLine]:
        """What is kept about a claim, a patient or another subject, newest first."""
        return await documents.documents_of(actor, subject_type, subject_id)

    @get("/{document_id:uuid}", media_type="application/pdf")
    async def document(self, actor: Actor, document_id: UUID) -> bytes:
        """A document's bytes as they were made. Opening it is audited."""
        found = await documents.content(actor, document_id)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
        return Response(found.body, media_type=found.media_type, headers=headers)  # type: ignore[return-value]
