"""How a refusal reaches Piccolo's pages."""

from starlette.responses import JSONResponse, PlainTextResponse, Response

from domain.refusals import Refusal

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-frame-options": "DENY"}


def answer(refusal: Refusal) -> Response:
    """A refusal as Piccolo's pages show it: faults of fields as FastAPI tells them, anything else as a sentence."""
    if refusal.status == 422:
        faults = [{"loc": ["body", fault.field], "msg": fault.message} for fault in refusal.fields]
        told = faults or [{"loc": ["body", "row"], "msg": f"{refusal.title} {refusal.what_to_do}".strip()}]
        return JSONResponse({"code": refusal.code, "detail": told}, 422)
    return PlainTextResponse(f"{refusal.title} {refusal.what_to_do}".strip(), refusal.status)
