"""The proof that was stored with a remittance, ready to be shown: each equation with its numbers, holding or not."""

import json
from collections import Counter
from typing import Any

from services.remittances.views import TERMS, EquationView, ProofFinding, ProofView


def proof_of(stored: str) -> ProofView:
    """The proof as posting wrote it."""
    proof = json.loads(stored)
    findings = [ProofFinding(**one) for one in proof.get("findings", [])]
    failing = Counter(one.level for one in findings if one.severity == "error")
    return ProofView(
        balanced=not failing,
        equations=[_equation(one, failing[one["level"]]) for one in proof.get("equations", [])],
        findings=findings,
        finding_count=proof.get("finding_count", len(findings)),
    )


def _equation(stored: dict[str, Any], failing: int) -> EquationView:
    left, less, right = TERMS[stored["level"]]
    difference = stored["charged_cents"] - stored["adjusted_cents"] - stored["paid_cents"]
    return EquationView(
        level=stored["level"],
        left_label=left,
        less_label=less,
        right_label=right,
        count=stored["count"],
        left_cents=stored["charged_cents"],
        less_cents=stored["adjusted_cents"],
        right_cents=stored["paid_cents"],
        difference_cents=difference,
        failing=failing,
        holds=not failing and not difference,
    )
