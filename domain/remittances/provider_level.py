"""The provider level (PLB): which account each reason moves, and which balance each reference belongs to.

A positive amount lowers the payment. What a payer keeps for later or takes back for a claim has a balance of its own,
by payee, payer and reference, that is owed until it comes to nothing; what is simply paid or kept is final at once.
"""

from collections.abc import Collection
from typing import NamedTuple

from domain.remittances.ledger import CAPITATION, CASH, INTEREST, PROVIDER_LEVEL, Entry
from domain.x12.facts_835 import PaymentHeader, ProviderAdjustment

OPEN, FINAL = "open", "final"
# Interest owed to us or by us, and interest on capitation: money beside the claims.
_INTEREST = frozenset({"L6", "51", "CR"})
_CAPITATION = frozenset({"CT"})
# Forwarding, recovery and what is given or kept for the time being; every other reason ends with the payment.
_OPEN = frozenset({"FB", "WO", "WU", "72", "AP", "B3", "C5", "CS", "E3", "IS", "J1", "OB", "PI", "RA", "TL"})
LONGEST_REFERENCE = 80
SHORTEST_CONTROL_NUMBER = 6


class BalanceKey(NamedTuple):
    """Which provider-level balance: one for each payee, payer, nature and reference."""

    payee: str
    payer: str
    nature: str
    reference: str


def account_of_reason(reason: str) -> str:
    """The account that a PLB03-1 moves; reasons that nobody knows go to the provider level, where they are seen."""
    if reason in _INTEREST:
        return INTEREST
    return CAPITATION if reason in _CAPITATION else PROVIDER_LEVEL


def nature_of(reason: str) -> str:
    """Whether what this reason moves stays owed until it is settled (`open`) or ends with the payment (`final`)."""
    return OPEN if reason in _OPEN else FINAL


def has_balance(reason: str) -> bool:
    """Interest and capitation have accounts of their own and no balance by reference."""
    return account_of_reason(reason) == PROVIDER_LEVEL


def entries_of(adjustment: ProviderAdjustment) -> tuple[Entry, ...]:
    """What one PLB pair moves: cash by what it lowers the payment, its account by the opposite."""
    cents = adjustment.cents
    return ((CASH, -cents), (account_of_reason(adjustment.reason), cents)) if cents else ()


def control_number_candidates(reference: str) -> tuple[str, ...]:
    """What in a PLB03-2 may be a payer's claim control number, likeliest first: all of it, its words, its beginnings.

    Payers append the patient's control number, with a blank or without.
    """
    text = _tidy(reference)
    found = [text, *text.split()]
    whole = text.split()[0] if text else ""
    found += [whole[:length] for length in range(len(whole) - 1, SHORTEST_CONTROL_NUMBER - 1, -1)]
    return tuple(dict.fromkeys(one for one in found if len(one) >= SHORTEST_CONTROL_NUMBER or one == text))


def control_number_in(reference: str, known: Collection[str]) -> str:
    """The first candidate that is a control number of ours, "" when none is."""
    return next((one for one in control_number_candidates(reference) if one in known), "")


def key_of(header: PaymentHeader, adjustment: ProviderAdjustment, known: Collection[str]) -> BalanceKey:
    """The balance that an adjustment belongs to; `known` are the control numbers found among our claims.

    So a balance opened under the bare number and one taken back under the number with the patient's are one.
    """
    reference = control_number_in(adjustment.reference, known) or _first_word(adjustment.reference)
    payee = adjustment.provider_id.strip() or header.payee.identifier.strip()
    return BalanceKey(payee, header.payer_originator.strip(), nature_of(adjustment.reason), reference)


def _tidy(reference: str) -> str:
    return " ".join(reference.upper().split())[:LONGEST_REFERENCE]


def _first_word(reference: str) -> str:
    return _tidy(reference).partition(" ")[0]
