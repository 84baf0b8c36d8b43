"""Builds 837P and 837I text for the sandbox's tests; each part can be bent on purpose."""

from dataclasses import dataclass, field
from itertools import count

NPI_BILLING, NPI_RENDERING = "1234567893", "1679576722"


@dataclass
class SentClaim:
    """One claim; charges in whole dollars per line."""

    number: str
    member: str
    charges: tuple[int, ...] = (100, 60)
    frequency: str = "1"
    original: str = ""
    payer: str = "PAYER01"
    payee: str = NPI_BILLING
    last: str = "DOE"
    dependent: str = ""
    """First name of the patient when another than the subscriber."""
    total: str = ""
    day: str = "20261005"
    extra: tuple[str, ...] = ()
    """Segments after HI."""
    line_extra: dict[int, tuple[str, ...]] = field(default_factory=dict)
    pointer: str = "1"
    sbr: str = ""

    def segments(self, kind: str) -> list[str]:
        total = self.total or str(sum(self.charges))
        place = f"11:B:{self.frequency}" if kind == "P" else f"13:A:{self.frequency}"
        clm = f"CLM*{self.number}*{total}***{place}*" + ("Y*A*Y*Y" if kind == "P" else "*A*Y*Y")
        made = [clm]
        if kind == "I":
            made += [f"DTP*434*RD8*{self.day}-{self.day}", "CL1*1*1*01"]
        if self.original:
            made.append(f"REF*F8*{self.original}")
        made += ["HI*ABK:E119", *self.extra]
        if kind == "P":
            made += [f"NM1*82*1*WELBY*MARCUS****XX*{NPI_RENDERING}", "PRV*PE*PXC*207Q00000X"]
        else:
            made.append(f"NM1*71*1*WELBY*MARCUS****XX*{NPI_RENDERING}")
        for n, charge in enumerate(self.charges, start=1):
            made += [
                f"LX*{n}",
                self._service(kind, charge),
                f"DTP*472*D8*{self.day}",
                f"REF*6R*{self.number}L{n}",
            ]
            made += self.line_extra.get(n, ())
        return made

    def _service(self, kind: str, charge: int) -> str:
        if kind == "P":
            return f"SV1*HC:99213:25*{charge}*UN*1***{self.pointer}"
        return f"SV2*0510*HC:99213*{charge}*UN*1"


def transaction(
    claims: list[SentClaim], kind: str = "P", number: str = "0001", batch: str = "BATCH1"
) -> list[str]:
    """ST to SE for claims, which share a billing provider level while the payee stays the same."""
    guide = "005010X222A1" if kind == "P" else "005010X223A2"
    made = [
        f"ST*837*{number}*{guide}", f"BHT*0019*00*{batch}*20261101*1200*CH",
        "NM1*41*2*ACME BILLING*****46*SENDER1", "PER*IC*PAT SMITH*TE*8005550199",
        "NM1*40*2*SANDBOX CLEARINGHOUSE*****46*SANDBOXCH",
    ]  # fmt: skip
    levels = count(1)
    payee, billing = "", 0
    for claim in claims:
        if claim.payee != payee:
            payee, billing = claim.payee, next(levels)
            made += [
                f"HL*{billing}**20*1", f"NM1*85*2*LAKE CLINIC*****XX*{payee}", "N3*1 LAKE STREET",
                "N4*SPRINGFIELD*IL*627011234", "REF*EI*123456789",
            ]  # fmt: skip
        made += _patient(claim, billing, next(levels), levels)
        made += claim.segments(kind)
    return [*made, f"SE*{len(made) + 1}*{number}"]


def _patient(claim: SentClaim, billing: int, own: int, levels: "count[int]") -> list[str]:
    relation = "" if claim.dependent else "18"
    made = [
        f"HL*{own}*{billing}*22*{1 if claim.dependent else 0}", claim.sbr or f"SBR*P*{relation}*******CI",
        f"NM1*IL*1*{claim.last}*JANE****MI*{claim.member}", "N3*2 ELM STREET", "N4*SPRINGFIELD*IL*62701",
        "DMG*D8*19700102*F", f"NM1*PR*2*PAYER {claim.payer}*****PI*{claim.payer}",
    ]  # fmt: skip
    if claim.dependent:
        made += [
            f"HL*{next(levels)}*{own}*23*0", "PAT*19", f"NM1*QC*1*{claim.last}*{claim.dependent}",
            "N3*2 ELM STREET", "N4*SPRINGFIELD*IL*62701", "DMG*D8*20100102*M",
        ]  # fmt: skip
    return made


def interchange(
    sets: list[list[str]],
    control: int = 1,
    sender: str = "SENDER1",
    receiver: str = "SANDBOXCH",
    kind: str = "P",
    ack: str = "0",
    terminator: str = "~",
) -> str:
    """ISA to IEA with one functional group."""
    guide = "005010X222A1" if kind == "P" else "005010X223A2"
    isa = f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*261101*1200*^*00501*{control:09d}*{ack}*T*:"
    gs = f"GS*HC*{sender}*{receiver}*20261101*1200*{control}*X*{guide}"
    body = [text for one in sets for text in one]
    ends = [f"GE*{len(sets)}*{control}", f"IEA*1*{control:09d}"]
    return terminator.join([isa, gs, *body, *ends]) + terminator


def claim_file(claims: list[SentClaim], control: int = 1, kind: str = "P", sender: str = "SENDER1") -> str:
    """One interchange with one set."""
    return interchange([transaction(claims, kind)], control=control, kind=kind, sender=sender)
