"""Files that travelled, batches, and looking or sending before it is time."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from api.bodies import file_in
from domain.paging import Page
from domain.tenancy import Actor
from domain.x12.view import SHOWN
from services.edi import batches, files
from services.edi.views import BatchLine, BatchView, FileContent, FileLine

LARGEST_UPLOAD = 64 * 1024 * 1024


class Files(Controller):
    """X12 files, in and out."""

    path = "/files"
    tags = ("Files",)

    @get("/")
    async def list_files(
        self,
        actor: Actor,
        direction: str = "",
        kind: str = "",
        status: str = "",
        text: str = "",
        connection_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FileLine]:
        """Files, newest first."""
        return await files.list_files(
            actor,
            direction=direction,
            kind=kind,
            status=status,
            text=text,
            connection_id=connection_id,
            cursor=cursor,
            limit=limit,
        )

    @get("/{file_id:uuid}")
    async def get_file(self, actor: Actor, file_id: UUID) -> FileLine:
        """What is known of a file without opening it."""
        return await files.get_file(actor, file_id)

    @get("/{file_id:uuid}/content")
    async def file_content(
        self,
        actor: Actor,
        file_id: UUID,
        from_segment: Annotated[int, Parameter(ge=1, le=100_000_000)] = 1,
        count: Annotated[int, Parameter(ge=1, le=SHOWN)] = SHOWN,
        check: bool = False,
    ) -> FileContent:
        """The file from segment `from_segment` on as people read it, with what is wrong where. Reading it is audited.

        A large file is checked only when asked by `check`.
        """
        return await files.file_content(actor, file_id, first=from_segment, count=count, check_now=check)

    @get("/{file_id:uuid}/body", media_type="application/edi-x12")
    async def file_body(self, actor: Actor, file_id: UUID) -> bytes:
        """The file's bytes as they travelled. Reading them is audited."""
        found = await files.file_bytes(actor, file_id)
        headers = {"Content-Disposition": 'attachment; filename="file.x12"'}
        return Response(found.body, media_type=found.media_type, headers=headers)  # type: ignore[return-value]


class Batches(Controller):
    """Batches of claims on their way out."""

    path = "/batches"
    tags = ("Files",)

    @get("/")
    async def list_batches(
        self, actor: Actor, connection_id: UUID | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[BatchLine]:
        """Batches, newest first."""
        return await batches.list_batches(actor, cursor, limit, connection_id=connection_id)

    @get("/{batch_id:uuid}")
    async def get_batch(
        self, actor: Actor, batch_id: UUID, cursor: str | None = None, limit: int = 200
    ) -> BatchView:
        """A batch with its claims and every answer to each of them."""
        return await batches.get_batch(actor, batch_id, cursor=cursor, limit=limit)


class Exchange(Controller):
    """What can be asked of a connection between its own times."""

    path = "/connections/{connection_id:uuid}"
    tags = ("Files",)

    @post("/files", request_max_body_size=LARGEST_UPLOAD)
    async def take_in(
        self,
        actor: Actor,
        connection_id: UUID,
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> FileLine:
        """Hand in a file as if the poller had fetched it; the same bytes are taken in once."""
        file = file_in(data)
        return await files.take_in(actor, connection_id, file.filename, await file.read())

    @post("/poll", status_code=202)
    async def poll_now(self, actor: Actor, connection_id: UUID) -> None:
        """Look into the mailbox now."""
        await batches.poll_now(actor, connection_id)

    @post("/send", status_code=202)
    async def send_now(self, actor: Actor, connection_id: UUID) -> None:
        """Send what is ready now."""
        await batches.send_now(actor, connection_id)
