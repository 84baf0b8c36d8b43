"""Files through the door: the list, one opened and explained, its bytes, and one taken in by hand."""

import pytest

from domain.refusals import Invalid, NotAllowed, NotFound
from services.edi import files
from tests.fixtures.exchange import Exchange
from tests.fixtures.x12_answers import Clp, Payment, SetAnswer, ack_999, era


async def test_files_of_both_directions_are_listed_newest_first(here: Exchange, there: Exchange) -> None:
    sent = await here.sent_claim()
    await here.take(ack_999(sent.group_number, SetAnswer("0001")), "ack.999")
    await there.sent_claim()
    page = await files.list_files(here.tenant.admin)
    assert [(one.direction, one.kind, one.status_label) for one in page.items] == [
        ("in", "999", "Applied"),
        ("out", "837P", "Sent"),
    ]
    incoming, outgoing = page.items
    assert (incoming.name, incoming.deliveries, incoming.connection_name) == ("ack.999", 1, "Practice")
    assert outgoing.batch_id == sent.batch_id and outgoing.deliveries == 0


async def test_the_list_filters_searches_and_pages(here: Exchange, there: Exchange) -> None:
    for number in range(5):
        await here.store(era(Payment((Clp("X", 100, 100),), f"T{number}")), f"remit_{number}.835")
    admin = here.tenant.admin
    first = await files.list_files(admin, kind="835", limit=3)
    second = await files.list_files(admin, kind="835", limit=3, cursor=first.next)
    names = [one.name for one in [*first.items, *second.items]]
    assert names == [f"remit_{number}.835" for number in (4, 3, 2, 1, 0)] and second.next is None
    assert [one.name for one in (await files.list_files(admin, text="MIT_3")).items] == ["remit_3.835"]
    assert (await files.list_files(admin, text="%")).items == []
    assert (await files.list_files(admin, direction="out")).items == []
    assert (await files.list_files(admin, status="stored", connection_id=there.connection_id)).items == []
    assert (await files.list_files(there.tenant.admin)).items == []


async def test_an_opened_file_shows_its_text_in_words_and_what_is_wrong(
    here: Exchange, there: Exchange
) -> None:
    body = era(Payment((Clp("X-1", 10_000, 8_000, cas=(("CO", "45", 1_999),)),)))
    file_id = await here.store(body)
    content = await files.file_content(here.tenant.admin, file_id)
    assert content.text == body.decode()
    assert [line.segment for line in content.outline][:3] == ["ISA", "GS", "ST"]
    assert "R835-BAL-002" in {finding.rule for finding in content.findings}
    audited = await here.one(
        "SELECT action, phi, subject_id FROM audit_log WHERE action = 'edi.files.file_content'"
    )
    assert audited["phi"] and audited["subject_id"] == str(file_id)


async def test_a_file_that_is_no_x12_opens_with_the_reason(here: Exchange, there: Exchange) -> None:
    file_id = await here.store(b"\xff\xfe not x12 \x00")
    content = await files.file_content(here.tenant.admin, file_id)
    assert content.outline == [] and content.findings == []
    assert "cannot be read" in content.notes[0]


async def test_a_large_file_is_explained_in_part_and_says_so(here: Exchange, there: Exchange) -> None:
    claims = tuple(
        Clp(f"C{number:09d}", 10_000, 8_000, cas=(("CO", "45", 2_000),)) for number in range(20_000)
    )
    body = era(Payment(claims))
    assert files.LARGEST_CHECKED < len(body) < files.LARGEST_CHECKED_ON_REQUEST
    file_id = await here.store(body)
    content = await files.file_content(here.tenant.admin, file_id, first=30_000, find="c000019999")
    assert len(content.text) == files.LARGEST_TEXT and "400,000" in content.notes[0]
    assert (content.first, len(content.outline), content.checked) == (30_000, 300, False)
    assert all(f"{line.raw}~".encode() in body for line in content.outline)
    assert (
        content.outline[10].loop == "2100"
        and len(content.hits) == 1
        and content.total > content.hits[0] > 30_300
    )
    asked = await files.file_content(here.tenant.admin, file_id, count=5, check_now=True)
    assert asked.checked and len(asked.outline) == 5


async def test_the_bytes_come_back_as_they_travelled(here: Exchange, there: Exchange) -> None:
    body = era(Payment((Clp("X", 100, 100),)))
    file_id = await here.store(body, "remit.835")
    found = await files.file_bytes(here.tenant.admin, file_id)
    assert (found.name, found.body) == ("remit.835", body)


async def test_another_tenants_file_is_not_there(here: Exchange, there: Exchange) -> None:
    file_id = await there.store(era(Payment((Clp("X", 100, 100),))))
    for read in (files.get_file, files.file_content, files.file_bytes):
        with pytest.raises(NotFound):
            await read(here.tenant.admin, file_id)
    denied = await here.rows("SELECT 1 FROM audit_log WHERE outcome = 'refused'")
    assert len(denied) == 3


async def test_who_only_looks_sees_the_list_but_no_content(here: Exchange, there: Exchange) -> None:
    file_id = await here.store(era(Payment((Clp("X", 100, 100),))))
    viewer = await here.tenant.actor("View-Only")
    assert len((await files.list_files(viewer)).items) == 1
    with pytest.raises(NotAllowed):
        await files.file_content(viewer, file_id)
    with pytest.raises(NotAllowed):
        await files.take_in(viewer, here.connection_id, "x.835", b"ISA")


async def test_a_file_taken_in_by_hand_is_stored_and_its_workflow_started(
    here: Exchange, there: Exchange
) -> None:
    body = era(Payment((Clp("X", 100, 100),)))
    line = await files.take_in(here.tenant.admin, here.connection_id, "C:\\Downloads\\remit (1).835", body)
    assert (line.name, line.status, line.kind) == ("remit (1).835", "stored", "835")
    message = await here.one("SELECT workflow, workflow_id, task_queue, payload FROM outbox")
    assert (message["workflow"], message["task_queue"]) == ("FileIntake", "edi")
    assert message["workflow_id"] == f"{here.tenant.tenant_id}/file/{line.id}"
    await here.apply(line.id)
    again = await files.take_in(here.tenant.admin, here.connection_id, "same.835", body)
    assert (again.id, again.status, again.deliveries) == (line.id, "applied", 2)
    assert await here.count("outbox") == 1


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("", b"ISA", "file.name"),
        ("a\nb.835", b"ISA", "file.name"),
        ("x.835", b"", "file.empty"),
        ("x.835", b"hello", "file.kind_unexpected"),
        ("x.835", b"0" * (files.LARGEST_TAKEN_IN + 1), "file.too_large"),
    ],
)
async def test_what_is_no_answer_is_refused_at_once_and_not_stored(
    here: Exchange, there: Exchange, name: str, body: bytes, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await files.take_in(here.tenant.admin, here.connection_id, name, body)
    assert refused.value.code == code and refused.value.fields
    assert await here.count("edi_files") == 0


async def test_a_file_cannot_be_taken_in_for_another_tenants_connection(
    here: Exchange, there: Exchange
) -> None:
    with pytest.raises(NotFound):
        await files.take_in(here.tenant.admin, there.connection_id, "x.835", era(Payment((Clp("X", 1, 1),))))
    assert await here.count("edi_files") == 0 and await there.count("edi_files") == 0
