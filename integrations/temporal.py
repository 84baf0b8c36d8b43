"""The connection to Temporal: payloads encrypted with a key per tenant, failures included.

Workflow ids are `tenant/kind/uuid`, so the codec learns the tenant from the serialization context. The key is derived
from the master key by tenant; tenant and workflow are authenticated with every payload, so a payload copied into
another workflow does not open. A scheduled run's id carries a time after the uuid; only the id proper is bound.
"""

import copy
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from domain.process_model import without_time

_ENCODING = b"binary/encrypted"
_UUID_LENGTH = 36


class PayloadSealed(PayloadCodec, WithSerializationContext):
    """AES-256-GCM over whole payloads. Without a context it refuses to encode, so nothing leaves in clear by mistake."""

    def __init__(self, master_key: bytes, bound_to: str = "") -> None:
        self._master_key = master_key
        self._bound_to = bound_to

    def with_context(self, context: SerializationContext) -> "PayloadSealed":
        """The same codec, bound to the workflow that the payload belongs to."""
        workflow_id = ""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            workflow_id = context.workflow_id or ""
        return PayloadSealed(self._master_key, _identity(workflow_id))

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt each payload whole, its own metadata included."""
        if not self._bound_to:
            raise ValueError("a payload without a workflow id of the form tenant/kind/uuid is not sent")
        return [self._sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt what `encode` made; payloads of the server itself pass as they are."""
        return [self._opened(payload) for payload in payloads]

    def _sealed(self, payload: Payload) -> Payload:
        nonce = os.urandom(12)
        data = nonce + self._cipher().encrypt(nonce, payload.SerializeToString(), self._bound_to.encode())
        return Payload(metadata={"encoding": _ENCODING, "key-id": b"m1"}, data=data)

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCODING:
            return payload
        plain = self._cipher().decrypt(payload.data[:12], payload.data[12:], self._bound_to.encode())
        return Payload.FromString(plain)

    def _cipher(self) -> AESGCM:
        return _cipher_of(self._master_key, self._bound_to.split("/", 1)[0])


class Converter(DataConverter):
    """Binds only the codec to a context: the SDK binds anew for every payload, and would build the whole pydantic
    conversion again each time, on which no context has any influence."""

    def with_context(self, context: SerializationContext) -> "Converter":
        """This converter for the payloads of one workflow."""
        bound = copy.copy(self)
        codec = self.payload_codec
        if isinstance(codec, WithSerializationContext):
            object.__setattr__(bound, "payload_codec", codec.with_context(context))
        return bound


def _identity(workflow_id: str) -> str:
    parts = without_time(workflow_id).split("/")
    if len(parts) < 3:
        return ""
    return f"{parts[0]}/{parts[1]}/{parts[2][:_UUID_LENGTH]}"


@lru_cache(maxsize=4096)
def _cipher_of(master_key: bytes, tenant: str) -> AESGCM:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=b"caseload payload", info=tenant.encode())
    return AESGCM(derivation.derive(master_key))


def data_converter(master_key: bytes) -> DataConverter:
    """Pydantic conversion (dates, decimals), failures with encoded attributes, everything encrypted."""
    return Converter(
        payload_converter_class=pydantic_data_converter.payload_converter_class,
        payload_codec=PayloadSealed(master_key),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(
    address: str,
    master_key: bytes,
    *,
    namespace: str = "default",
    tls: bool = False,
    api_key: str | None = None,
    lazy: bool = False,
) -> Client:
    """A client whose payloads only this deployment can read. `lazy` connects at the first call."""
    return await Client.connect(
        address,
        namespace=namespace,
        data_converter=data_converter(master_key),
        tls=tls,
        api_key=api_key,
        lazy=lazy,
    )
