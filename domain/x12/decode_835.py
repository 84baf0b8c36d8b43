"""835 remittance advice, streamed claim by claim in bounded memory; the hot path of the product."""

from collections.abc import Iterable, Iterator

from domain.x12.errors import Unreadable
from domain.x12.facts_835 import ClaimPayment, PaymentHeader, PaymentTrailer, Transaction835
from domain.x12.reader import runs, tidy
from domain.x12.reading_835 import Reading

Event = PaymentHeader | ClaimPayment | PaymentTrailer


def stream_835(data: bytes | Iterable[bytes]) -> Iterator[Event]:
    """Header, then each claim as soon as it is complete, then trailer, for every 835 of the file.

    Raises Unreadable for what is not X12, an amount that is not a number, or a segment that lacks what it must say.
    """
    reading = Reading()
    ready, known, append, other = reading.ready, reading.known, reading.append, reading.other
    number = 0
    for run in runs(data):
        element = reading.begin(run.delimiters)
        for raw in tidy(run):
            number += 1
            try:
                # Dates, adjustments and remarks repeat word for word: their facts are kept by their raw text.
                fact = known.get(raw)
                if fact is not None:
                    append[fact[0]](fact[1])
                    continue
                parts = raw.split(element)
                reading.table.get(parts[0], other)(parts, number, raw)
            except Unreadable as problem:
                raise _placed(problem, number, raw) from None
            except IndexError:
                lacking = Unreadable("x12_element_missing", "A segment lacks an element that it must have.")
                raise _placed(lacking, number, raw) from None
            if ready:
                yield from ready
                ready.clear()
    reading.end()
    yield from ready


def read_835(data: bytes | Iterable[bytes]) -> Iterator[Transaction835]:
    """Every 835 of the file whole, one at a time. For files of unknown size use `stream_835`."""
    header: PaymentHeader | None = None
    claims: list[ClaimPayment] = []
    for event in stream_835(data):
        if isinstance(event, ClaimPayment):
            claims.append(event)
        elif isinstance(event, PaymentHeader):
            header, claims = event, []
        elif header is not None:
            yield Transaction835(header, tuple(claims), event)


def _placed(problem: Unreadable, number: int, raw: str) -> Unreadable:
    letters = raw[:3].rstrip("".join({sign for sign in raw[:3] if not sign.isalnum()}))
    name = letters if letters.isascii() and letters.isalnum() else "?"
    title = f"{problem.title} Segment {number}, {name}."
    return Unreadable(problem.code, title, segment_number=number, segment_id=name)
