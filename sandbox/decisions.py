"""What the clearinghouse and the payer say to each claim of a submission, and what they remember of it."""

import json
from dataclasses import asdict, dataclass

from sandbox.adjudication import Result, adjudicate, correct_again, restore, reverse
from sandbox.claims import Claim, Submission
from sandbox.ledger import Ledger
from sandbox.scenarios import scenario_of

Codes = tuple[tuple[str, ...], ...]
"""STC composites: category, status, entity."""

CLEARINGHOUSE_ACCEPTS: Codes = (("A2", "20"),)
PAYER_ACCEPTS: Codes = (("A2", "20", "PR"),)
DUPLICATE: Codes = (("A3", "54"),)
CLEARINGHOUSE_REJECTS: Codes = (("A3", "21"), ("A7", "562", "85"))
PAYER_REJECTS: Codes = (("A7", "33", "IL"), ("A3", "21"))
ORIGINAL_MISSING: Codes = (("A7", "464"),)
ORIGINAL_UNKNOWN: Codes = (("A3", "35"), ("A7", "464"))


@dataclass(slots=True)
class Decision:
    """One claim's fate; empty codes mean silence from that side."""

    claim: Claim
    scenario: str
    clearinghouse: Codes = ()
    payer: Codes = ()
    control_number: str = ""
    result: Result | None = None
    """None also for a void, which only reverses."""
    reversal: Result | None = None
    later: tuple[Result, Result] | None = None
    """Reversal and correction that the payer sends unasked."""

    @property
    def pace(self) -> int:
        return 10 if self.scenario == "slow" else 1


@dataclass(slots=True)
class _Desk:
    ledger: Ledger
    username: str
    upload: int

    def decide(self, claim: Claim) -> Decision:
        decision = Decision(claim, scenario_of(claim.subscriber.id).name)
        if not self._remember(decision):
            decision.clearinghouse = DUPLICATE
        elif decision.scenario == "silence":
            self._settle(decision, "silent")
        elif decision.scenario == "rejected_clearinghouse" and self._is_first(
            decision, "rejected_clearinghouse"
        ):
            decision.clearinghouse = CLEARINGHOUSE_REJECTS
            self._settle(decision, "rejected_clearinghouse")
        else:
            decision.clearinghouse = CLEARINGHOUSE_ACCEPTS
            self._forward(decision)
        return decision

    def _remember(self, decision: Decision) -> bool:
        """False when this CLM01 was sent before."""
        claim = decision.claim
        return bool(
            self.ledger.write(
                "INSERT INTO claims (username, number, upload, payer, state, content_key, scenario) "
                "VALUES (?, ?, ?, ?, 'received', ?, ?) ON CONFLICT DO NOTHING",
                self.username,
                claim.number,
                self.upload,
                claim.payer.id,
                claim.content_key,
                decision.scenario,
            )
        )

    def _settle(self, decision: Decision, state: str) -> None:
        told = json.dumps(asdict(decision.result)) if decision.result else None
        self.ledger.write(
            "UPDATE claims SET state = ?, control_number = ?, result = ? WHERE username = ? AND number = ?",
            state,
            decision.control_number or None,
            told,
            self.username,
            decision.claim.number,
        )

    def _is_first(self, decision: Decision, state: str) -> bool:
        """Whether no earlier upload had the same content rejected; each rejection excuses one resubmission."""
        if decision.claim.frequency in ("7", "8"):
            return False
        return not self.ledger.write(
            "UPDATE claims SET resubmitted = 1 WHERE id = (SELECT id FROM claims WHERE username = ? AND state = ? "
            "AND state LIKE 'rejected%' AND content_key = ? AND resubmitted = 0 AND upload < ? ORDER BY id LIMIT 1)",
            self.username,
            state,
            decision.claim.content_key,
            self.upload,
        )

    def _forward(self, decision: Decision) -> None:
        """The payer's turn."""
        if decision.claim.frequency in ("7", "8"):
            self._replace(decision)
        elif decision.scenario == "rejected_payer" and self._is_first(decision, "rejected_payer"):
            decision.payer = PAYER_REJECTS
            self._settle(decision, "rejected_payer")
        else:
            self._accept(decision, corrected=False)

    def _replace(self, decision: Decision) -> None:
        claim = decision.claim
        found = self.ledger.row(
            "SELECT id, result FROM claims WHERE username = ? AND payer = ? AND control_number = ? "
            "AND state = 'adjudicated'",
            self.username,
            claim.payer.id,
            claim.original_number,
        )
        if not found:
            decision.payer = ORIGINAL_UNKNOWN if claim.original_number else ORIGINAL_MISSING
            self._settle(decision, "rejected_payer")
            return
        void = claim.frequency == "8"
        self.ledger.write(
            "UPDATE claims SET state = ? WHERE id = ?", "void" if void else "replaced", found[0]
        )
        decision.reversal = reverse(restore(json.loads(found[1])))
        if void:
            self._take(decision)
            self._settle(decision, "voiding")
        else:
            self._accept(decision, corrected=True)

    def _take(self, decision: Decision) -> None:
        decision.payer = PAYER_ACCEPTS
        decision.control_number = f"SBX{self.ledger.next_number('payer claim', 1_000_001):010d}"

    def _accept(self, decision: Decision, corrected: bool) -> None:
        self._take(decision)
        first = adjudicate(decision.claim, decision.scenario, decision.control_number, corrected)
        last = first
        if decision.scenario == "paid_then_corrected":
            last = correct_again(first, decision.claim)
            decision.later = (reverse(first), last)
        decision.result = last
        self._settle(decision, "adjudicated")
        decision.result = first


def decide(ledger: Ledger, username: str, upload: int, submission: Submission) -> list[Decision]:
    """Decides every claim of one 837 set and notes it in the ledger."""
    desk = _Desk(ledger, username, upload)
    return [desk.decide(claim) for claim in submission.claims]
