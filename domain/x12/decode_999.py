"""999 implementation acknowledgments (005010X231A1): one verdict per transaction set, with what was wrong where."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.x12.envelope import TransactionSet, transaction_sets
from domain.x12.reader import Segment

ACCEPTED_VERDICTS = frozenset("AE")


@dataclass(frozen=True, slots=True)
class ElementError:
    """IK4: `element`, `component` and `repetition` are 1-based positions (0 when not given), `code` is IK403.

    IK404, the bad value itself, is kept in `value`: it may be PHI.
    """

    element: int
    component: int
    repetition: int
    reference: str
    code: str
    value: str
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentError:
    """IK3: `position` counts segments of the set with ST as 1; `contexts` are the CTX texts that follow."""

    segment_id: str
    position: int
    loop: str
    code: str
    contexts: tuple[str, ...] = ()
    elements: tuple[ElementError, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAcknowledgment:
    """AK2 to IK5: `verdict` is IK501 (A, E accepted; R, M, W, X rejected; "" when IK5 is missing)."""

    set_id: str
    control_number: str
    version: str
    verdict: str
    codes: tuple[str, ...]
    errors: tuple[SegmentError, ...]

    @property
    def accepted(self) -> bool:
        """Whether the set goes on; judged by IK5 alone, never by AK9."""
        return self.verdict in ACCEPTED_VERDICTS


@dataclass(frozen=True, slots=True)
class GroupAcknowledgment:
    """AK1 to AK9 of one 999. `group_control_number` is the GS06 answered: the only way back to what was sent."""

    functional_id: str
    group_control_number: str
    version: str
    verdict: str
    included: int
    received: int
    accepted: int
    codes: tuple[str, ...]
    sets: tuple[SetAcknowledgment, ...]


def read_999(data: bytes | Iterable[bytes]) -> tuple[GroupAcknowledgment, ...]:
    """Every 999 of the file. Raises Unreadable when the bytes are not X12."""
    return tuple(_acknowledgment(found) for found in transaction_sets(data, "999"))


def _acknowledgment(found: TransactionSet) -> GroupAcknowledgment:
    reading = _Reading()
    for segment in found.body:
        reading.take(segment)
    return reading.finish()


class _Reading:
    def __init__(self) -> None:
        self.group = GroupAcknowledgment("", "", "", "", 0, 0, 0, (), ())
        self.sets: list[SetAcknowledgment] = []
        self.current: SetAcknowledgment | None = None
        self.errors: list[SegmentError] = []

    def take(self, segment: Segment) -> None:
        match segment.id:
            case "AK1":
                self.group = replace(
                    self.group,
                    functional_id=segment.get(1),
                    group_control_number=segment.get(2),
                    version=segment.get(3),
                )
            case "AK2":
                self._close_set()
                self.current = SetAcknowledgment(segment.get(1), segment.get(2), segment.get(3), "", (), ())
            case "IK3":
                self.errors.append(
                    SegmentError(segment.get(1), _count(segment.get(2)), segment.get(3), segment.get(4))
                )
            case "IK4" if self.errors:
                self._element(segment)
            case "CTX" if self.errors:
                self._context(segment)
            case "IK5" if self.current is not None:
                self.current = replace(self.current, verdict=segment.get(1), codes=_codes(segment, 2))
                self._close_set()
            case "AK9":
                self._close_set()
                self._totals(segment)

    def _element(self, segment: Segment) -> None:
        places = [*segment.get(1).split(segment.delimiters.component), "", ""]
        element, component, repetition = (_count(place) for place in places[:3])
        error = ElementError(element, component, repetition, segment.get(2), segment.get(3), segment.get(4))
        last = self.errors[-1]
        self.errors[-1] = replace(last, elements=(*last.elements, error))

    def _context(self, segment: Segment) -> None:
        """A CTX belongs to the IK4 before it, else to the IK3."""
        last = self.errors[-1]
        if last.elements:
            nearest = last.elements[-1]
            nearest = replace(nearest, contexts=(*nearest.contexts, _context_text(segment)))
            self.errors[-1] = replace(last, elements=(*last.elements[:-1], nearest))
        else:
            self.errors[-1] = replace(last, contexts=(*last.contexts, _context_text(segment)))

    def _close_set(self) -> None:
        if self.current is not None:
            self.sets.append(replace(self.current, errors=tuple(self.errors)))
        self.current, self.errors = None, []

    def _totals(self, segment: Segment) -> None:
        counts = [_count(segment.get(position)) for position in (2, 3, 4)]
        self.group = replace(
            self.group,
            verdict=segment.get(1),
            included=counts[0],
            received=counts[1],
            accepted=counts[2],
            codes=_codes(segment, 5),
        )

    def finish(self) -> GroupAcknowledgment:
        self._close_set()
        return replace(self.group, sets=tuple(self.sets))


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


def _codes(segment: Segment, start: int) -> tuple[str, ...]:
    return tuple(code for code in segment.elements[start:] if code)


def _context_text(segment: Segment) -> str:
    """The context's name and what it points to, joined as `SITUATIONAL TRIGGER CLM 43`."""
    component = segment.delimiters.component
    return " ".join(part for element in segment.elements[1:] for part in element.split(component) if part)
