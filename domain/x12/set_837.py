"""One 837 transaction set after another, professional or institutional: head, hierarchy, claims, and where each stands."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from domain.claims.institutional import AnyClaim
from domain.claims.model import BillingProvider, Coverage, Payer, Person
from domain.x12.batch_837i import Batch837I
from domain.x12.batch_837p import Batch837P, ClaimSpan, Encoded837, EncodedSet, Partner
from domain.x12.errors import CannotEncode
from domain.x12.parts_837 import communication, put_billing_provider, put_patient, put_subscriber
from domain.x12.writer import EnvelopeFacts, SegmentWriter, enclose, sanitise

CLAIMS_PER_SET = 5_000
Batch = Batch837P | Batch837I


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs between the two transactions: who writes loop 2300, who checks a claim, which version it has.

    `put_claim` and `check_claim` take the kind of claim that the batch holds.
    """

    institutional: bool
    version: Callable[[Payer], str]
    check_claim: Callable[[Any], None]
    put_claim: Callable[[SegmentWriter, Any], None]


def encode(batch: Batch, shape: Shape) -> Encoded837:
    """The batch as one interchange with one group. Raises CannotEncode when a claim or the batch cannot be written."""
    version = _check_batch(batch, shape)
    writers: list[SegmentWriter] = []
    sets: list[EncodedSet] = []
    for index, claims in enumerate(_portions(batch.claims)):
        writer, encoded = _SetWriter(batch, shape, version, index).write(claims)
        writers.append(writer)
        sets.append(encoded)
    return Encoded837(enclose(_envelope(batch, version), writers, batch.delimiters), tuple(sets))


def check_heading(claim: AnyClaim) -> None:
    """What both kinds of claim need: a usable number, and the original's number for frequency 7 and 8."""
    number = claim.claim_number
    if not number or len(number) > 20 or sanitise(number) != number:
        raise CannotEncode(
            "encode_claim_number", "A claim number needs 1 to 20 plain characters.", claim_number=number
        )
    if claim.frequency in ("7", "8") and not claim.payer_claim_control_number:
        raise CannotEncode(
            "encode_no_original",
            "Frequency 7 or 8 needs the payer's claim control number.",
            claim_number=number,
        )


def _check_batch(batch: Batch, shape: Shape) -> str:
    if not batch.claims:
        raise CannotEncode("encode_empty", "A batch needs at least one claim.")
    if batch.created.tzinfo is None:
        raise CannotEncode("encode_naive_time", "The moment of creation needs a time zone.")
    if not (batch.sender.name and batch.receiver.name and (batch.sender.phone or batch.sender.email)):
        raise CannotEncode(
            "encode_no_contact", "Loops 1000A and 1000B need names, and a telephone or e-mail."
        )
    versions = {shape.version(claim.coverage.payer) for claim in batch.claims}
    if len(versions) > 1:
        raise CannotEncode("encode_mixed_versions", "All claims of a batch need the same version of the 837.")
    numbers = {claim.claim_number for claim in batch.claims}
    if len(numbers) < len(batch.claims):
        raise CannotEncode("encode_duplicate_number", "Two claims of the batch have the same claim number.")
    for claim in batch.claims:
        shape.check_claim(claim)
    return versions.pop()


@dataclass(slots=True)
class _Patient:
    """A 2000C loop, or the subscriber's own claims when `person` is None."""

    person: Person | None
    relationship: str
    claims: list[AnyClaim]


@dataclass(slots=True)
class _Subscriber:
    coverage: Coverage
    patients: dict[object, _Patient]


@dataclass(slots=True)
class _Billing:
    provider: BillingProvider
    subscribers: dict[object, _Subscriber]


def _portions(claims: tuple[AnyClaim, ...]) -> Iterator[tuple[AnyClaim, ...]]:
    for start in range(0, len(claims), CLAIMS_PER_SET):
        yield claims[start : start + CLAIMS_PER_SET]


def _envelope(batch: Batch, version: str) -> EnvelopeFacts:
    sender, receiver = batch.sender, batch.receiver
    return EnvelopeFacts(
        sender.qualifier, sender.interchange_id, receiver.qualifier, receiver.interchange_id,
        batch.isa13, batch.gs06, batch.created, "HC", version, batch.usage,
        application_sender=sender.application_id, application_receiver=receiver.application_id,
    )  # fmt: skip


class _SetWriter:
    """Writes one ST…SE and keeps where each claim stands."""

    def __init__(self, batch: Batch, shape: Shape, version: str, index: int) -> None:
        self.batch, self.shape, self.version = batch, shape, version
        self.st02 = f"{batch.st02 + index:04d}"
        self.bht03 = batch.bht03 if index == 0 else f"{batch.bht03}-{index + 1}"
        self.writer = SegmentWriter(batch.delimiters)
        self.spans: list[ClaimSpan] = []
        self.levels = 0

    def write(self, claims: tuple[AnyClaim, ...]) -> tuple[SegmentWriter, EncodedSet]:
        self._head()
        for billing in _group(claims):
            self._billing(billing)
        self.writer.put("SE", str(self.writer.count + 1), self.st02)
        return self.writer, EncodedSet(self.st02, self.bht03, self.writer.count, tuple(self.spans))

    def _head(self) -> None:
        put, batch = self.writer.put, self.batch
        day, time = batch.created.strftime("%Y%m%d"), batch.created.strftime("%H%M")
        put("ST", "837", self.st02, self.version)
        put("BHT", "0019", "00", self.bht03[:30], day, time, "CH")
        sender, receiver = batch.sender, batch.receiver
        put("NM1", "41", "2", sanitise(sender.name, longest=60), "", "", "", "", "46", _identifier(sender))
        put(
            "PER",
            "IC",
            sanitise(sender.contact_name, longest=60),
            *communication(sender.phone, sender.email),
        )
        put(
            "NM1", "40", "2", sanitise(receiver.name, longest=60), "", "", "", "", "46", _identifier(receiver)
        )

    def _level(self, parent: int, code: str, children: bool) -> tuple[int, int]:
        self.levels += 1
        above = str(parent) if parent else ""
        position = self.writer.put("HL", str(self.levels), above, code, "1" if children else "0")
        return self.levels, position

    def _billing(self, billing: _Billing) -> None:
        own, first = self._level(0, "20", children=True)
        put_billing_provider(self.writer, billing.provider)
        head = (first, self.writer.count)
        for subscriber in billing.subscribers.values():
            self._subscriber(own, head, subscriber)

    def _subscriber(self, parent: int, head: tuple[int, int], subscriber: _Subscriber) -> None:
        coverage = subscriber.coverage
        is_patient = coverage.relationship == "18"
        own, first = self._level(parent, "22", children=not is_patient)
        put_subscriber(self.writer, coverage, is_patient, institutional=self.shape.institutional)
        heads = (head, (first, self.writer.count))
        for patient in subscriber.patients.values():
            if patient.person is None:
                self._claims(heads, patient.claims)
            else:
                _, start = self._level(own, "23", children=False)
                put_patient(self.writer, patient.relationship, patient.person)
                self._claims((*heads, (start, self.writer.count)), patient.claims)

    def _claims(self, heads: tuple[tuple[int, int], ...], claims: Iterable[AnyClaim]) -> None:
        for claim in claims:
            first = self.writer.count + 1
            self.shape.put_claim(self.writer, claim)
            self.spans.append(ClaimSpan(first, self.writer.count, claim.claim_number, heads))


def _group(claims: Iterable[AnyClaim]) -> Iterable[_Billing]:
    """Claims under their billing provider, subscriber and patient, each in order of first appearance."""
    found: dict[BillingProvider, _Billing] = {}
    for claim in claims:
        coverage = claim.coverage
        own = coverage.relationship == "18"
        billing = found.setdefault(claim.billing, _Billing(claim.billing, {}))
        key = (
            coverage.order,
            own,
            coverage.member_id,
            coverage.subscriber,
            coverage.group_number,
            _wire(coverage.payer),
            coverage.insurance_type,
        )
        subscriber = billing.subscribers.setdefault(key, _Subscriber(coverage, {}))
        patient = subscriber.patients.setdefault(
            None if own else (coverage.relationship, claim.patient),
            _Patient(None if own else claim.patient, coverage.relationship, []),
        )
        patient.claims.append(claim)
    return found.values()


def _wire(payer: Payer) -> tuple[str, str, str]:
    return payer.name, payer.payer_id, payer.claim_filing_code


def _identifier(partner: Partner) -> str:
    return partner.identifier or partner.interchange_id
