"""What enters by HTTP: a file brought to a page, kept as a draft or taken in by hand."""

from urllib.parse import unquote
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData, UploadFile

from domain.attachments import too_large
from domain.refusals import Invalid, NotAllowed, Refusal
from domain.tenancy import Actor
from services.deposits import files as bank_files
from services.deposits.views import BankFileView
from services.edi import files
from services.edi.views import FileLine
from services.work import attachments
from services.work.attachments import AttachmentLine
from ui.care import packet_upload
from ui.page import identifier
from ui.sheets import uploads as sheet_uploads
from ui.site import Site, from_here


def serve(root: FastAPI, site: Site) -> None:
    """Register them."""

    @root.post("/upload/attachment", include_in_schema=False)
    async def attach(request: Request) -> Response:
        try:
            kept = await _attached(request, await site.asker(request))
        except Refusal as refusal:
            told = _told(refusal)
            # What was not read yet is not read at all: the server hangs up.
            told.headers["connection"] = "close"
            return told
        return JSONResponse({"title": "Attached.", "what_to_do": kept.name})

    @root.post("/upload/bank", include_in_schema=False)
    async def keep(request: Request) -> Response:
        try:
            kept = await _kept(request, await site.asker(request))
        except Refusal as refusal:
            return _told(refusal)
        told = "taken in already" if kept.line.status == "taken" else "kept: look at it and take it in"
        return JSONResponse({"title": kept.line.name, "what_to_do": f"The file was {told}."})

    sheet_uploads.serve(root, site.asker, _form_of, _told)
    packet_upload.serve(root, site.asker, _form_of, _told)

    @root.post("/upload/edi", include_in_schema=False)
    async def take_in(request: Request) -> Response:
        try:
            taken = await _taken_in(request, await site.asker(request))
        except Refusal as refusal:
            return _told(refusal)
        return JSONResponse({"title": f"{taken.kind_label} taken in.", "what_to_do": taken.name})


def _told(refusal: Refusal) -> JSONResponse:
    """What is wrong with an upload, for the page that sent it."""
    faults = " ".join(fault.message for fault in refusal.fields)
    return JSONResponse({"title": refusal.title, "what_to_do": faults or refusal.what_to_do}, refusal.status)


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
