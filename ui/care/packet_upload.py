"""The address to which a packet is brought to be verified."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData

from domain.refusals import Refusal
from domain.tenancy import Actor
from services.care import packets
from services.care.packets import PacketCheck

Form = Callable[[Request, int], Awaitable[tuple[FormData, str, bytes]]]


def serve(
    root: FastAPI,
    actor: Callable[[Request], Awaitable[Actor]],
    form: Form,
    told: Callable[[Refusal], Response],
) -> None:
    """Register it; the file is compared and not kept."""

    @root.post("/upload/packet", include_in_schema=False)
    async def verify(request: Request) -> Response:
        try:
            asker = await actor(request)
            _, _, body = await form(request, packets.LARGEST + 1)
            return _verified(await packets.verify_packet(asker, body))
        except Refusal as refusal:
            return told(refusal)


_REPLACED = {
    True: "A later packet has taken its place.",
    False: "The month was computed again since, and rests on it no longer.",
}


def _verified(checked: PacketCheck) -> JSONResponse:
    """What became of it, for the page that sent it."""
    month = f"Evidence of {checked.month:%B %Y}. " if checked.month else ""
    if not checked.genuine:
        wrong = " ".join(step.told for step in checked.steps if not step.holds)
        title = "This is not a packet as it was kept here."
        return JSONResponse({"title": title, "what_to_do": month + wrong}, 422)
    told = "It is the one in force." if checked.in_force else _REPLACED[checked.superseded_by is not None]
    place = f"/care/packets/{checked.document_id}"
    return JSONResponse({"title": "The packet is genuine.", "what_to_do": month + told, "href": place})
