"""What leaves by HTTP: the lists of a filter as Excel or CSV, the bytes of a file."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from domain.refusals import NotSignedIn, Refusal
from domain.tenancy import Actor
from services import documents
from services.edi import files
from services.work import attachments
from ui.exports import EXPORTS, Export
from ui.page import identifier
from ui.parts import workbook
from ui.parts.exporting import file_name
from ui.rules import downloads as rules_downloads
from ui.site import Site


def serve(root: FastAPI, site: Site) -> None:
    """Register them."""
    for name, export in EXPORTS.items():
        for suffix in ("csv", "xlsx"):
            route = _list(site, name, export, suffix)
            root.add_api_route(f"/export/{name}.{suffix}", route, include_in_schema=False)
    rules_downloads.serve(root, site.asker, _refused)
    for path, found in (
        ("/export/files/{file_id}", _file),
        ("/documents/{document_id}", _document),
        ("/attachments/{attachment_id}", _attachment),
    ):
        root.add_api_route(path, _one(site, found), include_in_schema=False)


def _list(site: Site, name: str, export: Export, suffix: str) -> Callable[[Request], Awaitable[Response]]:
    """The route of one list in one form."""

    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            actor = await site.asker(request)
            await export.refuse_early(actor, query)
            book = await workbook.begun(export.xlsx(actor, query, name)) if suffix == "xlsx" else None
        except Refusal as refusal:
            return _refused(request, refusal)
        file = file_name(name, site.visit(request).subdomain, actor, suffix)
        headers = {"content-disposition": f'attachment; filename="{file}"'}
        if book is not None:
            return StreamingResponse(book, media_type=workbook.MEDIA_TYPE, headers=headers)
        return StreamingResponse(
            export.csv(actor, query), media_type="text/csv; charset=utf-8", headers=headers
        )

    return answer


def _one(
    site: Site, found: Callable[[Actor, UUID], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """The route of one file, by the id that its path ends with."""

    async def answer(request: Request) -> Response:
        (given,) = request.path_params.values()
        try:
            return await found(await site.asker(request), identifier(given))
        except Refusal as refusal:
            return _refused(request, refusal)

    return answer


async def _file(actor: Actor, file_id: UUID) -> Response:
    found = await files.file_bytes(actor, file_id)
    return _bytes(found.body, found.media_type, found.name)


async def _document(actor: Actor, document_id: UUID) -> Response:
    found = await documents.content(actor, document_id)
    # A PDF opens in the browser's own viewer; anything else is only ever saved.
    way = "inline" if found.media_type == "application/pdf" else "attachment"
    return _bytes(found.body, found.media_type, found.name, way, {"cache-control": "no-store"})


async def _attachment(actor: Actor, attachment_id: UUID) -> Response:
    found = await attachments.attachment(actor, attachment_id)
    # Somebody from outside may have made it: it is saved, never shown as a part of this site.
    guards = {"cache-control": "no-store", "content-security-policy": "sandbox; default-src 'none'"}
    return _bytes(found.body, found.media_type, found.name, guards=guards)


def _bytes(
    body: bytes,
    media_type: str,
    name: str,
    way: str = "attachment",
    guards: Mapping[str, str] | None = None,
) -> Response:
    headers = {"content-disposition": f"{way}; filename*=UTF-8''{quote(name)}", **(guards or {})}
    return Response(body, media_type=media_type, headers=headers)


def _refused(request: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, NotSignedIn):
        return RedirectResponse("/sign-in", 303)
    return Response(f"{refusal.title}\n{refusal.what_to_do}\n", refusal.status, media_type="text/plain")
