"""Whose decision a remittance tells when the claim number does not say: a payer that passed a claim on to the next one
(CLP02 19 to 21, 23) gave it our number, and both answer under it."""

from collections.abc import Collection
from dataclasses import dataclass

# CLP02 says in which order the payer processed the claim; denials, reversals and estimates say nothing of it.
_FIRST = frozenset({"1", "19"})
_LATER = frozenset({"2", "3", "20", "21"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a claim: claim control numbers (CLP07) and payer originators (TRN03), by who sent them."""

    earlier_numbers: Collection[str] = ()
    later_numbers: Collection[str] = ()
    earlier_originators: Collection[str] = ()


def is_the_next_payers(status: str, control_number: str, originator: str, heard: Heard) -> bool:
    """Whether a CLP under the number of a claim that was passed on is the next payer's word.

    The order that it states counts first, then a claim control number that is known, then who sends it: the forwarding
    remittance came from the earlier payer, so its originator is always known. The answer does not depend on the order in
    which the files come.
    """
    if status in _FIRST or status in _LATER:
        return status in _LATER
    if control_number and control_number in heard.later_numbers:
        return True
    if control_number and control_number in heard.earlier_numbers:
        return False
    return originator not in heard.earlier_originators
