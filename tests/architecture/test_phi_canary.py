"""No PHI outside the sealed columns: canaries walk the whole way, then every byte that was written is searched for them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from cli.stack import Stack
from cli.story.telling import until
from tests.crash.platform import House, furnished
from tests.fixtures.x12_answers import Clp, Payment, era

pytestmark = pytest.mark.slow

# Words that nothing else on this machine would say. Lower case; everything is searched without regard to case.
CANARIES = (
    "zyxwquetzal",
    "vuqxanthippe",
    "jqzwombat lane",
    "cnryq7",
    "wqzsecretreason",
    "1931-07-29",
    "19310729",
)
PATIENT = {
    "last_name": "Zyxwquetzal",
    "first_name": "Vuqxanthippe",
    "sex": "F",
    "line1": "7 Jqzwombat Lane",
    "city": "Boston",
    "state": "MA",
    "postal_code": "02108",
}
PAID, DENIED, REJECTED, SILENT = "00", "03", "08", "09"
REASON = "Wqzsecretreason: Vuqxanthippe Zyxwquetzal called"
# An amount in words: a file that is kept and cannot be read.
BROKEN = (
    era(Payment((Clp("NOBODY1", 5_000, 5_000),)))
    .replace(b"DOE*JANE", b"ZYXWQUETZAL*VUQXANTHIPPE")
    .replace(b"CLP*NOBODY1*1*50.00", b"CLP*NOBODY1*1*FIFTY")
)


@pytest_asyncio.fixture(scope="module")
async def walked(stack_folder: Path) -> AsyncIterator[Stack]:
    """A stack in which two tenants' patients with canary names were billed, paid, denied, rejected and worked."""
    pace = {"BATCH_SECONDS": "0", "POLL_SECONDS": "1", "LOG_LEVEL": "DEBUG"}
    async with Stack(stack_folder, environment=pace) as stack:
        address = f"http://127.0.0.1:{stack.web_port}"
        async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as http:
            houses = [await furnished(http, stack.web_port, name) for name in ("cedar", "maple")]
            await asyncio.gather(*(_walk(house) for house in houses))
        owner = await asyncpg.connect(stack.owner_database_url)
        await owner.execute("CHECKPOINT")  # so that the tables' own files hold what was written
        await owner.close()
        yield stack


async def _walk(house: House) -> None:
    program = house.program
    claims = {ending: await _claim(house, ending) for ending in (PAID, DENIED, REJECTED, SILENT)}
    await _seen_at(house, claims[PAID], "closed")
    await _seen_at(house, claims[DENIED], "denial")
    await _seen_at(house, claims[REJECTED], "rejected")
    for kind, decision in (("denial", "write_off"), ("rejection", "resend")):
        await _decide(house, kind, decision)
    await _seen_at(house, claims[DENIED], "closed")
    await _seen_at(house, claims[REJECTED], "closed")
    held = await _claim(house, "77", diagnoses=["XYZ"])
    await _seen_at(house, held, "held")
    await program.post(f"claims/{held}/withdraw", {"reason": REASON})
    found = await program.post("claims/search", {"text": "zyxwquetzal"})
    assert len(found["items"]) == 5
    connection = (await program.get("connections"))["items"][0]
    taken = await program.hand_in(f"connections/{connection['id']}/files", "broken.x12", BROKEN)
    await until(
        lambda: program.get(f"files/{taken['id']}"),
        lambda file: file["status"] == "unreadable",
        "its refusal",
    )


async def _claim(house: House, ending: str, **more: Any) -> str:
    """A claim of a patient of its own, whose member id chooses what the partner answers."""
    born = f"{1931 + int(ending)}-07-29"
    patient = PATIENT | {"client_id": house.draft["client_id"], "birth_date": born}
    patient_id = (await house.program.post("patients", patient))["id"]
    payer = (await house.program.get("payers"))["items"][0]
    facts = {"patient_id": patient_id, "payer_id": payer["id"], "member_id": f"CNRYQ7{ending}"}
    coverage = await house.program.post("coverages", facts)
    line = {"procedure": "99213", "charge_cents": 10_000 + int(ending), "units": "1"}
    day = f"2026-10-{int(ending) % 27 + 1:02d}"
    draft = house.draft | {"patient_id": patient_id, "coverage_id": coverage["id"]} | more
    draft["lines"] = [line | {"service_from": day, "service_to": day}]
    return str((await house.program.post("claims", draft, release="true"))["id"])


async def _seen_at(house: House, claim_id: str, step: str) -> None:
    await until(
        lambda: house.program.get(f"claims/{claim_id}"), lambda claim: claim["step"] == step, f"step {step}"
    )


async def _decide(house: House, kind: str, decision: str) -> None:
    async def found() -> Any:
        items = (await house.program.get("work"))["items"]
        return next((item for item in items if item["kind"] == kind), None)

    item = await until(found, bool, f"the item of kind {kind}")
    await house.program.post(f"work/{item['id']}/take")
    await house.program.post(f"work/{item['id']}/complete", {"decision": decision, "comment": REASON})


def _files(folder: Path) -> Iterator[Path]:
    return (one for one in folder.rglob("*") if one.is_file())


def _found(files: Iterator[Path], words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which words stand in which files."""
    found = set()
    for file in files:
        body = file.read_bytes().lower()
        found |= {(file.name, word) for word in words if word.encode() in body}
    return found


async def test_temporal_keeps_no_phi_in_histories_visibility_or_anything_else(walked: Stack) -> None:
    kept = [file for file in _files(walked.data) if file.name.startswith("temporal.sqlite")]
    assert _found(iter(kept), ("claimlifecycle", "answered", "submissionbatch"))
    assert _found(iter(kept), CANARIES) == set()


async def test_no_log_says_anything_about_a_patient(walked: Stack) -> None:
    logs = {file.name for file in _files(walked.logs)}
    assert {"worker.log", "web.log", "postgres.log", "temporal.log"} <= logs
    assert _found(_files(walked.logs), CANARIES) == set()


async def test_the_database_keeps_phi_sealed_on_disk(walked: Stack) -> None:
    assert _found(_files(walked.data / "postgres"), ("lantern street clinic",))
    assert _found(_files(walked.data / "postgres"), CANARIES) == set()


async def test_the_audit_trails_anchor_and_every_other_file_of_ours_hold_no_phi(walked: Stack) -> None:
    ours = (file for file in _files(walked.data) if "sandbox" not in file.relative_to(walked.data).parts)
    assert _found(ours, CANARIES) == set()


async def test_the_partner_who_must_know_the_patient_does(walked: Stack) -> None:
    """The counter-proof: the search finds a canary where one belongs."""
    assert {word for _, word in _found(_files(walked.data / "sandbox"), CANARIES)} >= {
        "zyxwquetzal",
        "cnryq7",
    }
