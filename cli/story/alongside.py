"""Alongside the walk: a rejection resent, a remittance delivered twice, and a worker killed while it posts."""

import asyncio

import asyncpg
import httpx

from cli.stack import Stack
from cli.story.opening import Scene, line
from cli.story.telling import Teller, dollars, expect, until
from cli.story.walk import Walk, accounts, file_name, two_lines

CROWD = 16  # claims whose posting is interrupted
_WAITING = """
SELECT l.pid FROM pg_locks l WHERE l.relation = 'adjustments'::regclass AND NOT l.granted AND EXISTS
    (SELECT 1 FROM pg_locks x WHERE x.pid = l.pid AND x.locktype = 'transactionid' AND x.granted)
"""


async def rejected(teller: Teller, scene: Scene) -> None:
    """A claim that the payer's 277CA rejects goes out again as an original."""
    walk = Walk(scene)
    part = "Rejected"
    await teller.tell(part, "A second claim is rejected by the payer's 277CA", lambda: _rejected(walk))
    await teller.tell(part, "Corrected, resent with frequency 1, and paid", lambda: _resent(walk))


async def delivered_twice(teller: Teller, scene: Scene, walk: Walk, desk_url: str) -> None:
    """The same remittance again, renamed, and the same payment in another file."""
    part = "Twice"
    await teller.tell(
        part, "The same 835 delivered again under another name", lambda: _delivered_again(walk, desk_url)
    )
    await teller.tell(part, "The same payment in another interchange", lambda: _same_payment(scene, walk))


async def killed(teller: Teller, scene: Scene, stack: Stack) -> None:
    """The worker dies by SIGKILL in the middle of a posting, which is then posted once."""
    part = "Killed"
    crash = _Crash(scene, stack)
    await teller.tell(part, f"{CROWD} more claims are captured", crash.crowd)
    await teller.tell(part, "The worker is killed with -9 in the middle of the posting", crash.kill)
    await teller.tell(part, "The posting is done again, once", crash.posted_once)


async def _rejected(walk: Walk) -> str:
    walk.claim_id = (await walk.biller.post("claims", walk.scene.draft("08", two_lines()), release="true"))[
        "id"
    ]
    seen = await walk.until(lambda claim: claim["status"] == "rejected_payer", "the rejection")
    found = next(one for one in seen["acknowledgements"] if one["verdict"] == "rejected")
    items = await until(
        lambda: walk.biller.get("work", text=seen["reference"]),
        lambda page: page["items"],
        "the work item of the rejection",
    )
    walk.item_id = items["items"][0]["id"]
    return f"{seen['reference']} {found['category']} {found['status_code']}; {items['items'][0]['title']!r}"


async def _resent(walk: Walk) -> str:
    number = walk.seen["claim_number"]
    await walk.biller.post(f"work/{walk.item_id}/take")
    await walk.biller.put(f"claims/{walk.claim_id}", walk.seen["draft"], version=walk.seen["version"])
    seen = await walk.until(lambda claim: claim["status"] == "closed", "the payment")
    expect([one["frequency"] for one in seen["versions"]] == ["1", "1"], "the frequency is not 1 twice")
    expect(seen["claim_number"] != number, "the claim number was used twice")
    return f"{number} → {seen['claim_number']}, frequency 1; paid {dollars(seen['paid_cents'])}"


async def _delivered_again(walk: Walk, desk_url: str) -> str:
    before = await _standing(walk)
    name = await _remittance_file(walk)
    other = f"again_{name}"
    async with httpx.AsyncClient(base_url=desk_url, trust_env=False) as desk:
        body = {"username": walk.scene.connection["username"], "file": name, "as": other}
        (await desk.post("/deliver-again", json=body)).raise_for_status()
    file_id = await _file_id(walk)
    seen = await until(
        lambda: walk.biller.get(f"files/{file_id}"),
        lambda one: one["deliveries"] == 2,
        "the second delivery",
    )
    expect(await _standing(walk) == before, "the second delivery changed the claim")
    return f"{name} and {other}: {seen['deliveries']} deliveries, one file, posted once ({before[0]} ledger entries)"


async def _same_payment(scene: Scene, walk: Walk) -> str:
    before = await _standing(walk)
    body = (await walk.biller.text(f"files/{await _file_id(walk)}/body")).encode()
    number = body[90:99]
    changed = body.replace(number, b"777000777")  # ISA13 and IEA02: another interchange with the same payment
    assert scene.admin is not None
    taken = await scene.admin.hand_in(
        f"connections/{scene.connection['id']}/files", "same_payment.x12", changed
    )
    seen = await until(
        lambda: walk.biller.get(f"files/{taken['id']}"), lambda one: one["status"] != "stored", "its reading"
    )
    expect(seen["status"] == "duplicate", f"the file became {seen['status']}")
    expect(await _standing(walk) == before, "the payment was posted again")
    return f"interchange {number.decode()} → 777000777: {seen['status_label'].lower()}, posted nothing"


async def _standing(walk: Walk) -> tuple[int, int, int]:
    """Ledger entries, cash and adjudications of the claim."""
    entries = await walk.biller.get(f"claims/{walk.claim_id}/ledger")
    claim = await walk.biller.get(f"claims/{walk.claim_id}")
    return len(entries), accounts(entries)["cash"], len(claim["adjudications"])


async def _file_id(walk: Walk) -> str:
    remittance_id = walk.seen["adjudications"][0]["remittance_id"]
    return str((await walk.biller.get(f"remittances/{remittance_id}"))["file_id"])


async def _remittance_file(walk: Walk) -> str:
    return await file_name(walk, await _file_id(walk))


class _Crash:
    """The interrupted posting. A lock on one table stops it between its writes, so that the kill cannot miss."""

    def __init__(self, scene: Scene, stack: Stack) -> None:
        self._scene = scene
        self._stack = stack
        self._biller = scene.programs["biller"]
        self._ids: list[str] = []
        self._known: set[str] = set()

    async def crowd(self) -> str:
        """Claims enough to fill a remittance, captured but not released."""
        self._known = {one["id"] for one in (await self._biller.get("remittances"))["items"]}
        room = asyncio.Semaphore(4)

        async def capture(number: int) -> str:
            async with room:
                draft = self._scene.draft(
                    "42",
                    [line("99213", 10000 + number, 1, 20 + number), line("80053", 5000, 2, 20 + number)],
                )
                return str((await self._biller.post("claims", draft))["id"])

        self._ids = list(await asyncio.gather(*(capture(number) for number in range(CROWD))))
        return f"{len(self._ids)} claims of one patient, not released yet"

    async def kill(self) -> str:
        """Hold the posting between its writes, kill the worker, let go."""
        owner = await asyncpg.connect(self._stack.owner_database_url)
        try:
            async with owner.transaction():
                await owner.execute("LOCK TABLE adjustments IN SHARE MODE")
                await self._biller.post("claims/release", {"claim_ids": self._ids})
                backend = await until(lambda: owner.fetchval(_WAITING), bool, "the posting")
                killed = self._stack.kill("worker")
        finally:
            await owner.close()
        posted = [
            one for one in (await self._biller.get("remittances"))["items"] if one["id"] not in self._known
        ]
        expect(not posted, "half a posting can be seen")
        await self._stack.serving("worker")
        return f"worker {killed} killed with database session {backend} between two writes; nothing of it is visible"

    async def posted_once(self) -> str:
        """Every claim adjudicated once, and cash as much as was paid."""
        await until(self._statuses, lambda seen: seen == {"closed"}, "the second attempt", seconds=60)
        claims = [await self._biller.get(f"claims/{one}") for one in self._ids]
        fresh = [
            one for one in (await self._biller.get("remittances"))["items"] if one["id"] not in self._known
        ]
        once = all(len(one["adjudications"]) == 1 for one in claims)
        expect(once, "a claim was adjudicated twice")
        cash = sum(accounts(one["ledger"])["cash"] for one in claims)
        every = sum(entry["amount_cents"] for one in claims for entry in one["ledger"])
        paid = sum(one["payment_cents"] for one in fresh)
        expect(cash == paid, f"cash {cash} differs from the payments {paid}")
        expect(every == 0, f"debits and credits differ by {every} cents")
        traces = ", ".join(sorted(one["trace"] for one in fresh))
        return (
            f"{len(claims)} claims adjudicated once; remittance {traces} of {dollars(paid)} = cash {dollars(cash)};"
            f" ledger sum $0.00; worker {self._stack.pid('worker')} went on"
        )

    async def _statuses(self) -> set[str]:
        page = await self._biller.get("claims", patient_id=self._scene.coverages["42"][0], limit=100)
        return {one["status"] for one in page["items"]}
