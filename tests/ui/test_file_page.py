"""The page of a file: what is wrong stands at its bytes, a search goes through the whole file, any size opens."""

import html
import re
from pathlib import Path
from uuid import UUID

import pytest

from activities.edi.fetching import store_inbound
from bench.remit import remittance
from database.session import tenant_session
from domain.tenancy import workflow_actor
from services.edi import files
from tests.api.furnished import Furnished
from tests.ui.browsing import Tab
from tests.ui.conftest import Both, Visit

OWN = Path(__file__).parents[1] / "data" / "x12" / "own"


async def stored(tenant: Furnished, body: bytes, name: str) -> UUID:
    async with tenant_session(workflow_actor(tenant.tenant.tenant_id, "tests")) as session:
        return await store_inbound(session, UUID(str(tenant.ids["connection_id"])), name, body)


async def opened(tenant: Furnished, visit: Visit, body: bytes, query: str = "") -> Tab:
    file_id = await stored(tenant, body, "file.x12")
    return await (await visit(tenant.tenant, tenant.tenant.admin)).open(f"/files/{file_id}{query}")


def segment(page: str, number: int) -> str:
    """The row of a segment as its text with marks."""
    found = re.search(rf'id="segment-{number}".*?(?=<div class="segment|<details|</details)', page, re.S)
    return html.unescape(re.sub(r"<(?!/?mark)[^>]+>", " ", found[0])) if found else ""


async def test_a_fault_is_marked_at_its_bytes_and_says_what_to_do(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await opened(
        north, visit, (OWN / "coordination.837").read_bytes().replace(b"G7******BL", b"G7******QQ")
    )
    assert "Findings: 1 error, 0 warnings" in tab.main and "?segment=15" in tab.main
    row = segment(tab.main, 15)
    assert "SBR*S*18*G7******<mark>QQ</mark>" in row
    assert (
        "P837-COD-001" in row and "Choose one of the codes listed" in row and "segment 13 of its set" in row
    )
    assert 'data-copy="SBR*S*18*G7******QQ"' in tab.main


async def test_a_sound_file_says_so_and_folds_by_its_loops(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await opened(north, visit, (OWN / "interest.835").read_bytes())
    assert "Nothing is wrong with this file." in tab.main
    loops = [
        html.unescape(re.sub(r"<[^>]+>", "", one))
        for one in re.findall(r"<summary class=\"loop-title.*?</summary>", tab.main, re.S)
    ]
    assert [one.split(" 2")[0].split(" 1")[0].strip() for one in loops] == [
        "Payer", "Payee", "Group of claims", "Claim payment", "Service payment", "Service payment",
    ]  # fmt: skip
    assert tab.main.count("<details open") == len(loops) == tab.main.count("</details>")


async def test_a_search_goes_from_hit_to_hit_and_never_into_the_address(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await opened(north, visit, (OWN / "coordination.837").read_bytes())
    await tab.do("find", fields={"find": " springfield "})
    assert "1 of 3 segments" in tab.main and "Springfield" in segment(tab.main, 12)
    assert re.search(r'class="segment here"[^>]*id="segment-12"', tab.main)
    await tab.do("hit", number="18")
    assert "2 of 3 segments" in tab.main and re.search(r'class="segment here"[^>]*id="segment-18"', tab.main)
    assert "springfield" not in tab.at.casefold()
    await tab.do("find", fields={"find": "<script>"})
    assert "Nothing found." in tab.main and "<script>" not in tab.main


async def test_a_file_of_twenty_megabytes_opens_at_any_segment(standing: Both, visit: Visit) -> None:
    north, south = standing
    head, claims, tail = re.split(rb"(?<=LX\*1~\n)|(?=PLB\*)", b"".join(remittance(1_000_000)))
    body = head + claims * 20 + tail
    file_id = await stored(north, body, "large.835")
    tab = await (await visit(north.tenant, north.tenant.admin)).open(f"/files/{file_id}?segment=400000")
    assert tab.main.count('class="segment') < 310 and len(tab.main) < 700_000
    assert re.search(r'class="segment here"[^>]*id="segment-400000"', tab.main)
    assert "segments 399,901 to 400,200 of" in tab.main and "not checked here" in tab.main
    answer = await (await visit(south.tenant, south.tenant.admin)).get(f"/files/{file_id}")
    assert answer.status == 404


async def test_a_large_file_is_checked_when_it_is_asked_for(
    standing: Both, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, _ = standing
    body = b"".join(remittance(files.LARGEST_CHECKED + 60_000))
    tab = await opened(north, visit, body.replace(b"CLM00000003*1*", b"CLM00000003*99*"))
    assert "Not checked yet" in tab.main
    await tab.do("check")
    assert "Not checked yet" not in tab.main and "R835-COD-001" in tab.main


@pytest.mark.parametrize(
    "query", ["?segment=-1", "?segment=abc", "?segment=99999999", "?segment=%00", "?view=odd"]
)
async def test_an_odd_address_opens_the_file_all_the_same(query: str, standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await opened(north, visit, (OWN / "partial.999").read_bytes(), query)
    assert "AK9" in tab.main
