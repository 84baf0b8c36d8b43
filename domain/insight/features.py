"""What of a claim may foretell a denial: codes, payer and client, never who the patient is."""

from collections.abc import Iterable
from uuid import UUID

from domain.insight.likelihood import PAYER, Factor

LATE_DAYS = (30, 90, 180)


def factors_of(
    payer_id: UUID,
    client_id: UUID,
    procedures: Iterable[str],
    diagnoses: Iterable[str],
    days_to_submission: int,
) -> tuple[Factor, ...]:
    """The factors of a claim; every key begins with the payer, for payers differ."""
    payer = str(payer_id)
    late = next((f"within {days} days" for days in LATE_DAYS if days_to_submission <= days), "later")
    first = next((code[:3] for code in diagnoses if code), "none")
    return (
        (PAYER, payer),
        ("client", f"{payer}|{client_id}"),
        ("delay", f"{payer}|{late}"),
        ("diagnosis", f"{payer}|{first}"),
        *(("procedure", f"{payer}|{code}") for code in sorted(set(procedures))),
    )


def particular(key: str) -> str:
    """A factor's key without its payer."""
    return key.partition("|")[2]
