"""The scenarios as data: which ending of the subscriber's member id brings which answer."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way in which the clearinghouse or a payer behaves."""

    key: str
    """Last two digits of 2010BA NM109."""
    name: str
    title: str
    what_happens: str

    @property
    def chosen_by(self) -> str:
        return f"member id ends in {self.key}" if self.key else "any other ending"


_TABLE = (
    ("00", "paid_in_full", "Paid in full", "CLP04 = the charge, no adjustment"),
    ("01", "patient_share", "Paid with patient share",
     "CO-45 for 20 %; the first line bears PR-1, PR-2 and PR-3, the others PR-2; a later payer leaves 25 % of what it is"
     " asked for"),
    ("02", "denied_information", "Denied CO-16", "nothing paid, remark code; a frequency 7 with the right REF*F8 is paid"),
    ("03", "denied_necessity", "Denied CO-50", "nothing paid; a frequency 7 is denied again"),
    ("04", "denied_timely", "Denied CO-29", "nothing paid; a frequency 7 is denied again"),
    ("05", "denied_authorization", "Denied CO-197", "nothing paid; a frequency 7 with the right REF*F8 is paid"),
    ("06", "partly_denied", "Partly denied",
     "first line paid, every other line CO-16; a frequency 7 with the right REF*F8 brings a reversal and every line paid"),
    ("07", "rejected_clearinghouse", "Rejected by the clearinghouse",
     "clearinghouse 277CA A3/A7; the resubmission (new CLM01, frequency 1) is accepted and paid"),
    ("08", "rejected_payer", "Rejected by the payer",
     "payer 277CA A3/A7; the resubmission (new CLM01, frequency 1) is accepted and paid"),
    ("09", "silence", "Silence", "nothing comes after the 999"),
    ("10", "slow", "Slow", "277CA and 835 take ten times as long, in files of their own"),
    ("11", "paid_then_corrected", "Paid, then corrected unasked",
     "paid; a second 835 reverses it and pays 10 % of the charge more"),
    ("12", "takeback", "Taken back", "paid; the next 835 to the same provider takes the money back by PLB WO"),
    ("13", "duplicate_file", "Same 835 twice", "its 835 is delivered twice under different names"),
    ("14", "out_of_balance", "Out of balance", "its 835 stands alone and is 3 cents out at the first line"),
    ("15", "unmatched", "A claim never sent", "the 835 carries one more claim that nobody submitted"),
    ("16", "mangled_number", "Claim number mangled", "CLP01 comes back upper-cased and truncated"),
    ("17", "interest", "Interest", "AMT*I on the claim and PLB L6: 1 % of the payment"),
    ("18", "forwarded", "Forwarded to another payer", "CLP02 19, 20 % of the allowed amount left as PR-2"),
    ("19", "claim_level", "Claim level only", "adjusted at claim level, no SVC"),
    ("90", "accepted_only", "Accepted only", "both 277CA accept it and nothing is ever paid: for test files"),
    ("", "contractual", "Paid by contract", "CO-45 for 20 %, 80 % paid, no patient share"),
)  # fmt: skip

SCENARIOS: dict[str, Scenario] = {name: Scenario(key, name, title, text) for key, name, title, text in _TABLE}
"""Every scenario by its name, in the order of the keys."""

_BY_KEY = {one.key: one for one in SCENARIOS.values() if one.key}


def scenario_of(member_id: str) -> Scenario:
    """The scenario that a subscriber's member id chooses."""
    return _BY_KEY.get(member_id.strip()[-2:], SCENARIOS["contractual"])


def print_table(console: Console | None = None) -> None:
    """Prints the table for people."""
    table = Table(title="Sandbox clearinghouse: scenarios", show_lines=False)
    for heading in ("Chosen by", "Name", "Title", "What happens"):
        table.add_column(heading, overflow="fold")
    for one in SCENARIOS.values():
        table.add_row(one.chosen_by, one.name, one.title, one.what_happens)
    (console or Console()).print(table)
