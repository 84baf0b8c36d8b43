"""What leaves and enters by HTTP: the lists of a filter as Excel or CSV, the bytes of a file, a file taken in by hand."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.datastructures import FormData, UploadFile

from domain.attachments import too_large
from domain.refusals import Invalid, NotAllowed, NotSignedIn, Refusal
from domain.tenancy import Actor
from services import documents
from services.deposits import files as bank_files
from services.deposits.views import BankFileView
from services.edi import files
from services.edi.views import FileLine
from services.tenancy.sign_in import actor_for
from services.work import attachments
from services.work.attachments import AttachmentLine
from ui.care import packet_upload
from ui.exports import EXPORTS, Export
from ui.page import identifier
from ui.parts import workbook
from ui.parts.exporting import file_name
from ui.rules import downloads as rules_downloads
from ui.sheets import uploads as sheet_uploads
from ui.site import Site, from_here


def serve(root: FastAPI, site: Site) -> None:
    """Register the downloads and the uploads."""
    _serve_downloads(root, site)
    _serve_uploads(root, site)


def _serve_downloads(root: FastAPI, site: Site) -> None:
    for name, export in EXPORTS.items():
        for suffix in ("csv", "xlsx"):
            route = _list(site, name, export, suffix)
            root.add_api_route(f"/export/{name}.{suffix}", route, include_in_schema=False)

    rules_downloads.serve(root, lambda request: _actor(request, site), _refused)

    @root.get("/export/files/{file_id}", include_in_schema=False)
    async def file_bytes(request: Request, file_id: str) -> Response:
        try:
            found = await files.file_bytes(await _actor(request, site), identifier(file_id))
        except Refusal as refusal:
            return _refused(request, refusal)
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
        return Response(found.body, media_type=found.media_type, headers=headers)

    @root.get("/documents/{document_id}", include_in_schema=False)
    async def document(request: Request, document_id: str) -> Response:
        try:
            found = await documents.content(await _actor(request, site), identifier(document_id))
        except Refusal as refusal:
            return _refused(request, refusal)
        # A PDF opens in the browser's own viewer; anything else is only ever saved.
        way = "inline" if found.media_type == "application/pdf" else "attachment"
        headers = {
            "content-disposition": f"{way}; filename*=UTF-8''{quote(found.name)}",
            "cache-control": "no-store",
        }
        return Response(found.body, media_type=found.media_type, headers=headers)

    @root.get("/attachments/{attachment_id}", include_in_schema=False)
    async def attachment(request: Request, attachment_id: str) -> Response:
        try:
            found = await attachments.attachment(await _actor(request, site), identifier(attachment_id))
        except Refusal as refusal:
            return _refused(request, refusal)
        # Somebody from outside may have made it: it is saved, never shown as a part of this site.
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
            "cache-control": "no-store",
            "content-security-policy": "sandbox; default-src 'none'",
        }
        return Response(found.body, media_type=found.media_type, headers=headers)


def _serve_uploads(root: FastAPI, site: Site) -> None:
    @root.post("/upload/attachment", include_in_schema=False)
    async def attach(request: Request) -> Response:
        try:
            kept = await _attached(request, await _actor(request, site))
        except Refusal as refusal:
            told = _told(refusal)
            # What was not read yet is not read at all: the server hangs up.
            told.headers["connection"] = "close"
            return told
        return JSONResponse({"title": "Attached.", "what_to_do": kept.name})

    @root.post("/upload/bank", include_in_schema=False)
    async def keep(request: Request) -> Response:
        try:
            kept = await _kept(request, await _actor(request, site))
        except Refusal as refusal:
            return _told(refusal)
        told = "taken in already" if kept.line.status == "taken" else "kept: look at it and take it in"
        return JSONResponse({"title": kept.line.name, "what_to_do": f"The file was {told}."})

    sheet_uploads.serve(root, lambda request: _actor(request, site), _form_of, _told)
    packet_upload.serve(root, lambda request: _actor(request, site), _form_of, _told)

    @root.post("/upload/edi", include_in_schema=False)
    async def take_in(request: Request) -> Response:
        try:
            taken = await _taken_in(request, await _actor(request, site))
        except Refusal as refusal:
            return _told(refusal)
        return JSONResponse({"title": f"{taken.kind_label} taken in.", "what_to_do": taken.name})


def _told(refusal: Refusal) -> JSONResponse:
    """What is wrong with an upload, for the page that sent it."""
    faults = " ".join(fault.message for fault in refusal.fields)
    return JSONResponse({"title": refusal.title, "what_to_do": faults or refusal.what_to_do}, refusal.status)


def _list(site: Site, name: str, export: Export, suffix: str) -> Callable[[Request], Awaitable[Response]]:
    """The route of one list in one form."""

    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            actor = await _actor(request, site)
            await export.refuse_early(actor, query)
        except Refusal as refusal:
            return _refused(request, refusal)
        file = file_name(name, site.visit(request).subdomain, actor, suffix)
        headers = {"content-disposition": f'attachment; filename="{file}"'}
        if suffix == "xlsx":
            return StreamingResponse(
                export.xlsx(actor, query, name), media_type=workbook.MEDIA_TYPE, headers=headers
            )
        return StreamingResponse(
            export.csv(actor, query), media_type="text/csv; charset=utf-8", headers=headers
        )

    return answer


async def _kept(request: Request, actor: Actor) -> BankFileView:
    """A bank's file, kept as a draft: nothing of it is a deposit before somebody has looked at it."""
    account, name, body = await _sent(request, "account", bank_files.LARGEST_BYTES + 1)
    return await bank_files.stage_bank_file(actor, account, name, body.decode("utf-8", "replace"))


async def _taken_in(request: Request, actor: Actor) -> FileLine:
    """The form is read only now: nobody who is not signed in makes this process store what they send."""
    # One byte more than is taken in, so that a larger file is refused and never cut short.
    connection, name, body = await _sent(request, "connection", files.LARGEST_TAKEN_IN + 1)
    return await files.take_in(actor, connection, name, body)


async def _attached(request: Request, actor: Actor) -> AttachmentLine:
    """A file as the whole body. Who may not attach, and what is too large, is refused before the body is read."""
    _must_be_ours(request)
    about = request.headers.get("x-subject-type", "")
    subject = identifier(request.headers.get("x-subject-id", ""))
    most = await attachments.most_bytes(actor, about, subject)
    body = await _body_of(request, most)
    return await attachments.attach(
        actor, about, subject, unquote(request.headers.get("x-file-name", "")), body
    )


async def _body_of(request: Request, most: int) -> bytes:
    """At most so many bytes; the first one more ends the reading."""
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > most:
        raise too_large(most)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise too_large(most)
    return bytes(body)


def _must_be_ours(request: Request) -> None:
    if not from_here(request):
        raise NotAllowed(
            "form.foreign", "This file was sent from another site.", "Open our own page and try again."
        )


async def _sent(request: Request, about: str, most: int) -> tuple[UUID, str, bytes]:
    """What a form of ours carries: the record that the file is about, its name, and at most so many bytes of it."""
    typed, name, body = await _form_of(request, most)
    return identifier(str(typed.get(about, ""))), name, body


async def _form_of(request: Request, most: int) -> tuple[FormData, str, bytes]:
    """A form of ours with a file: its fields, the file's name, and at most so many bytes of it."""
    _must_be_ours(request)
    typed = await request.form()
    file = typed.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid("file.missing", "No file came with this form.", "Choose a file and try again.")
    return typed, file.filename or "", await file.read(most)


async def _actor(request: Request, site: Site) -> Actor:
    visit = site.visit(request)
    return await actor_for(visit.token, visit.subdomain)


def _refused(request: Request, refusal: Refusal) -> Response:
    if isinstance(refusal, NotSignedIn):
        return RedirectResponse("/sign-in", 303)
    return Response(f"{refusal.title}\n{refusal.what_to_do}\n", refusal.status, media_type="text/plain")
