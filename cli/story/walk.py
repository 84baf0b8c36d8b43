"""The walk of one claim: held, corrected, sent, partly denied, replaced, paid, closed."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cli.story.opening import Scene, line, registered
from cli.story.program import Json, Program, mailbox_access, mailbox_names
from cli.story.telling import Teller, dollars, expect, until

PART = "The claim"
BAD_NPI = "1234567890"


@dataclass(slots=True)
class Walk:
    """The claim, who works it, and what was seen of it last."""

    scene: Scene
    claim_id: str = ""
    item_id: str = ""
    control_number: str = ""
    seen: Json = field(default_factory=dict)

    @property
    def biller(self) -> Program:
        """Who captures and corrects."""
        return self.scene.programs["biller"]

    @property
    def specialist(self) -> Program:
        """Who works the denial."""
        return self.scene.programs["specialist"]

    async def until(self, good: Callable[[Json], object], awaited: str) -> Json:
        """Look at the claim until it is as awaited."""
        self.seen = await until(lambda: self.biller.get(f"claims/{self.claim_id}"), good, awaited)
        return self.seen


async def tell(teller: Teller, walk: Walk) -> None:
    """From a claim with two faults to a closed one."""
    for title, step in (
        ("A claim with a bad NPI and a bad pointer is held", _held),
        ("Corrected: the rules find nothing more", _corrected),
        ("Released: batched, sent, seen on the SFTP server", _sent),
        ("The 999 accepts it", _acknowledged),
        ("The payer's 277CA accepts it", _accepted),
        ("The 835 pays one line and denies the other", _adjudicated),
        ("Posted, and balanced to the cent", _balanced),
        ("The denial is routed to the denial specialist", _routed),
        ("Taken, and corrected as replacement (7) with REF*F8", _replaced),
        ("Reversed, paid and closed", _closed),
        ("Another tenant finds none of it", _hidden),
    ):
        await teller.tell(PART, title, lambda step=step: step(walk))  # type: ignore[misc]


def two_lines() -> list[Json]:
    """A visit and a blood count."""
    return [line("99213", 12500), line("85025", 4000, 2)]


async def _held(walk: Walk) -> str:
    first, second = two_lines()
    faults = {"referring_npi": BAD_NPI, "referring_name": "Quill"}
    faulty = walk.scene.draft("06", [first, second | {"pointers": [7]}], **faults)
    walk.claim_id = (await walk.biller.post("claims", faulty))["id"]
    seen = await walk.until(lambda claim: claim["status"] == "held", "the scrubbing")
    errors = {(one["rule_id"], one["field"]) for one in seen["findings"] if one["severity"] == "error"}
    wanted = {("CL-PRV-003", "referring.npi"), ("CL-COD-014", "lines.2.pointers")}
    expect(errors == wanted, f"the errors are {sorted(errors)}, not {sorted(wanted)}")
    return f"{seen['reference']}: " + ", ".join(f"{rule} at {where}" for rule, where in sorted(errors))


async def _corrected(walk: Walk) -> str:
    right = walk.scene.draft("06", two_lines())
    await walk.biller.put(f"claims/{walk.claim_id}", right, version=walk.seen["version"])
    seen = await walk.until(
        lambda claim: claim["current_version"] == 2 and claim["step"] == "ready", "the second scrubbing"
    )
    errors = [one for one in seen["findings"] if one["severity"] == "error"]
    expect(not errors, f"{len(errors)} errors are left")
    return f"version 2, claim number {seen['claim_number']}, {dollars(seen['charge_cents'])}"


async def _sent(walk: Walk) -> str:
    await walk.biller.post(f"claims/{walk.claim_id}/release")
    await walk.until(lambda claim: claim["sent_at"], "the batch")
    name = await batch_name(walk, walk.seen["claim_number"])
    access = await mailbox_access(walk.scene.tenant_id, walk.scene.connection["id"])
    there = await asyncio.to_thread(mailbox_names, access)
    expect(name in there[access.inbound], f"{name} is not in {access.inbound}")
    return f"{access.inbound}/{name} over SFTP as {access.username}"


async def batch_name(walk: Walk, claim_number: str) -> str:
    """Name of the file whose batch holds the claim number."""
    for batch in (await walk.biller.get("batches"))["items"]:
        claims = (await walk.biller.get(f"batches/{batch['id']}"))["claims"]
        if any(one["claim_number"] == claim_number for one in claims):
            return str(batch["file_name"])
    return ""


async def _acknowledged(walk: Walk) -> str:
    seen = await walk.until(lambda claim: claim["ack_999"], "the 999")
    expect(seen["ack_999"] == "accepted", f"the 999 says {seen['ack_999']}")
    found = next(one for one in seen["acknowledgements"] if one["kind"] == "999")
    return f"file {await file_name(walk, found['file_id'])}: {found['verdict']}"


async def _accepted(walk: Walk) -> str:
    seen = await walk.until(lambda claim: claim["ack_payer"], "the payer's 277CA")
    expect(seen["ack_payer"] == "accepted", f"the payer's 277CA says {seen['ack_payer']}")
    found = next(
        one for one in seen["acknowledgements"] if one["kind"] == "277CA" and one["sender"] == "payer"
    )
    walk.control_number = found["payer_claim_control_number"]
    expect(walk.control_number, "no payer claim control number was kept")
    return (
        f"{found['category']} {found['status_code']}, payer claim control number {walk.control_number} kept"
    )


async def _adjudicated(walk: Walk) -> str:
    seen = await walk.until(lambda claim: claim["outcome"], "the 835")
    expect(seen["outcome"] == "partially_denied", f"the outcome is {seen['outcome']}")
    found = seen["adjudications"][0]
    remittance = await walk.biller.get(f"remittances/{found['remittance_id']}")
    lines = next(one["lines"] for one in remittance["claims"] if one["claim_id"] == walk.claim_id)
    expect([one["paid_cents"] for one in lines] == [10000, 0], "the lines were paid otherwise")
    denied = "-".join((lines[1]["adjustments"][0]["group_code"], lines[1]["adjustments"][0]["reason_code"]))
    return (
        f"{remittance['file_name']}: {lines[0]['procedure']} paid {dollars(lines[0]['paid_cents'])},"
        f" {lines[1]['procedure']} denied {denied}"
    )


async def _balanced(walk: Walk) -> str:
    remittance = await walk.biller.get(f"remittances/{walk.seen['adjudications'][0]['remittance_id']}")
    proof, paid = remittance["proof"], remittance["line"]
    expect(proof["balanced"], "the remittance does not balance")
    entries = await walk.biller.get(f"claims/{walk.claim_id}/ledger")
    sums = accounts(entries)
    expect(sum(sums.values()) == 0, f"debits and credits differ by {sum(sums.values())} cents")
    expect(sums["cash"] == walk.seen["paid_cents"] == paid["payment_cents"], "cash, claim and payment differ")
    said = ", ".join(f"{account} {dollars(cents)}" for account, cents in sums.items())
    return f"{len(proof['equations'])} equations hold; ledger {said}; sum $0.00"


async def _routed(walk: Walk) -> str:
    async def look() -> Json:
        return [
            one
            for one in (await walk.specialist.get("work"))["items"]
            if one["subject_id"] == walk.claim_id and one["kind"] == "denial"
        ]

    found = await until(look, lambda items: items, "the work item of the denial")
    walk.item_id = found[0]["id"]
    others = (await walk.biller.get("work"))["items"]
    expect(all(one["id"] != walk.item_id for one in others), "the biller is offered the denial too")
    return f"{found[0]['title']!r}, due {found[0]['due_at'][:10]}; not offered to the biller"


async def _replaced(walk: Walk) -> str:
    await walk.specialist.post(f"work/{walk.item_id}/take")
    seen = await walk.specialist.get(f"claims/{walk.claim_id}")
    await walk.specialist.put(f"claims/{walk.claim_id}", seen["draft"], version=seen["version"])
    await walk.until(
        lambda claim: claim["current_version"] == 3 and claim["versions"][-1]["submitted_at"], "the new batch"
    )
    expect(walk.seen["frequency"] == "7", f"the frequency is {walk.seen['frequency']}")
    name = await batch_name(walk, walk.seen["claim_number"])
    files = (await walk.biller.get("files", direction="out"))["items"]
    file_id = next(one["id"] for one in files if one["name"] == name)
    body = await walk.biller.text(f"files/{file_id}/body")
    expect(f"REF*F8*{walk.control_number}~" in body, "REF*F8 is not in the file")
    clm = re.search(r"CLM\*[^~]*", body)
    expect(clm and ":7*" in clm[0], "CLM05-3 is not 7")
    return f"{name} holds {clm and clm[0][:40]} and REF*F8*{walk.control_number}"


async def _closed(walk: Walk) -> str:
    seen = await walk.until(lambda claim: claim["status"] == "closed", "the reversal and the correction")
    codes = [one["status_code"] for one in seen["adjudications"]]
    expect(sorted(codes) == ["1", "1", "22"], f"the adjudications are {codes}")
    sums = accounts(await walk.biller.get(f"claims/{walk.claim_id}/ledger"))
    expect(seen["paid_cents"] == 13200 == sums["cash"], f"paid {seen['paid_cents']} cents")
    expect(sums.get("receivable", 0) == 0 == sum(sums.values()), "something is still owed")
    return f"CLP02 {', '.join(codes)}; paid {dollars(seen['paid_cents'])}, adjusted {dollars(seen['adjusted_cents'])}, owed $0.00"


async def _hidden(walk: Walk) -> str:
    await registered(walk.scene, "Copper Hill Billing", "copper", "cal@copper.example", "Cal Mercer")
    token = await walk.scene.token("copper", "cal@copper.example")
    stranger = walk.scene.at("copper", token)
    statuses = [
        await stranger.status(f"claims/{walk.claim_id}"),
        await stranger.status(f"work/{walk.item_id}"),
        await walk.scene.at("lantern", token).status("claims"),
        await walk.scene.at("lantern").status("claims"),
    ]
    expect(statuses == [404, 404, 403, 401], f"answered with {statuses}")
    return "claim and work item 404, at the first tenant's address 403, without signing in 401"


async def file_name(walk: Walk, file_id: str) -> str:
    """Name of a file by its id."""
    return str((await walk.biller.get(f"files/{file_id}"))["name"])


def accounts(entries: list[Json]) -> dict[str, int]:
    """Cents by account of a ledger."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry["account"]] = sums.get(entry["account"], 0) + entry["amount_cents"]
    return sums
