"""Evidence packets: one checked as it lies in the store, and any file checked against what was kept."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from api.bodies import file_in
from domain.tenancy import Actor
from services.care import packets
from services.care.packets import LARGEST, PacketCheck


class CarePackets(Controller):
    """The packets themselves are documents of the patient; here is how far they can be relied on."""

    path = "/care/packets"
    tags = ("Care",)

    @get("/{packet_id:uuid}/check")
    async def packet_check(self, actor: Actor, packet_id: UUID) -> PacketCheck:
        """Whether the bytes, the content and the audit entry of a packet are as they were kept."""
        return await packets.packet_check(actor, packet_id)

    @post("/verify", status_code=200, request_max_body_size=LARGEST + 10_000)
    async def verify_packet(
        self,
        actor: Actor,
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> PacketCheck:
        """Whether a file is a packet that was kept here, and whether a later one has taken its place."""
        return await packets.verify_packet(actor, await file_in(data).read(LARGEST + 1))
