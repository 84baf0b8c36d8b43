"""Clients, providers and payers through their services, with two tenants present."""

from dataclasses import replace
from uuid import uuid4

import pytest

from domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Stale
from services.clientele import clients, payers, providers


async def test_a_client_is_stored_without_punctuation_and_shown_again(north, south, facts) -> None:
    made = await clients.add_client(north.admin, facts.client)
    assert (made.tax_id, made.postal_code, made.phone, made.state) == (
        "123456789",
        "454021234",
        "9375550100",
        "OH",
    )
    assert (made.version, made.active) == (1, True)
    assert await clients.get_client(north.admin, made.id) == made
    assert made.id.version == 7


async def test_every_wrong_field_of_a_client_is_named_at_once(north, south, facts) -> None:
    wrong = replace(
        facts.client,
        name="",
        npi="1234567890",
        tax_id="12",
        taxonomy="207",
        state="XX",
        postal_code="45402",
        phone="555",
        line1="PO Box 12",
    )
    with pytest.raises(Invalid) as refused:
        await clients.add_client(north.admin, wrong)
    assert {fault.field for fault in refused.value.fields} == {
        "name",
        "npi",
        "tax_id",
        "taxonomy",
        "state",
        "postal_code",
        "phone",
        "line1",
    }
    assert all(fault.message for fault in refused.value.fields)
    assert (await clients.list_clients(north.admin)).items == []


@pytest.mark.parametrize("name", ["a\0b", "x" * 61, "a\x07b"])
async def test_a_name_that_x12_cannot_carry_is_refused(north, south, facts, name: str) -> None:
    with pytest.raises(Invalid):
        await clients.add_client(north.admin, replace(facts.client, name=name))


async def test_two_clients_of_one_name_are_refused_but_not_across_tenants(north, south, facts) -> None:
    await clients.add_client(north.admin, facts.client)
    with pytest.raises(Conflict, match="already"):
        await clients.add_client(north.admin, facts.client)
    await clients.add_client(south.admin, facts.client)


async def test_another_tenants_client_is_not_there(north, south, facts) -> None:
    made = await clients.add_client(north.admin, facts.client)
    with pytest.raises(NotFound):
        await clients.get_client(south.admin, made.id)
    with pytest.raises(NotFound):
        await clients.change_client(south.admin, made.id, facts.client)
    with pytest.raises(NotFound):
        await clients.deactivate_client(south.admin, made.id, "not mine")
    assert (await clients.list_clients(south.admin)).items == []


async def test_a_biller_sees_clients_and_may_not_change_them(north, south, facts) -> None:
    biller = await north.actor("Biller")
    made = await clients.add_client(north.admin, facts.client)
    assert (await clients.list_clients(biller)).items == [made]
    with pytest.raises(NotAllowed):
        await clients.change_client(biller, made.id, facts.client)
    with pytest.raises(NotAllowed):
        await clients.add_client(biller, facts.client)


async def test_a_change_on_an_old_version_is_refused(north, south, facts) -> None:
    made = await clients.add_client(north.admin, facts.client)
    changed = await clients.change_client(
        north.admin, made.id, replace(facts.client, city="Akron"), expected_version=1
    )
    assert (changed.version, changed.city) == (2, "Akron")
    with pytest.raises(Stale):
        await clients.change_client(north.admin, made.id, facts.client, expected_version=1)


async def test_deactivation_needs_a_reason_and_can_be_undone(north, south, facts) -> None:
    made = await clients.add_client(north.admin, facts.client)
    with pytest.raises(Invalid):
        await clients.deactivate_client(north.admin, made.id, " ")
    ended = await clients.deactivate_client(north.admin, made.id, "Practice closed")
    assert (ended.active, ended.inactive_reason) == (False, "Practice closed")
    assert (await clients.list_clients(north.admin, active=True)).items == []
    with pytest.raises(Invalid, match="no longer in use"):
        await providers.add_provider(north.admin, facts.provider(made.id))
    again = await clients.reactivate_client(north.admin, made.id)
    assert (again.active, again.inactive_reason) == (True, "")


async def test_clients_page_by_name_without_repeating_or_leaving_out(north, south, facts) -> None:
    names = [f"Client {number:02}" for number in range(7)]
    for name in reversed(names):
        await clients.add_client(north.admin, replace(facts.client, name=name))
    await clients.add_client(south.admin, replace(facts.client, name="Client 03b"))
    seen, cursor = [], None
    while True:
        page = await clients.list_clients(north.admin, cursor=cursor, limit=3)
        seen += [client.name for client in page.items]
        if (cursor := page.next) is None:
            break
    assert seen == names


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WyJhIiwgImIiXQ"])
async def test_a_forged_cursor_is_refused(north, south, cursor: str) -> None:
    with pytest.raises(Invalid):
        await clients.list_clients(north.admin, cursor=cursor)


async def test_clients_are_found_by_part_of_the_name_or_by_number(north, south, facts) -> None:
    await clients.add_client(north.admin, facts.client)
    await clients.add_client(north.admin, replace(facts.client, name="100% Care", npi="1987654328"))
    for text, names in {
        "family": ["Hill Family Practice"],
        "1987654328": ["100% Care"],
        "0%": ["100% Care"],
        "_": [],
        "nobody": [],
    }.items():
        found = await clients.list_clients(north.admin, text)
        assert [client.name for client in found.items] == names, text


async def test_a_provider_belongs_to_a_client_of_the_same_tenant(north, south, facts) -> None:
    theirs = await clients.add_client(south.admin, facts.client)
    with pytest.raises(Invalid):
        await providers.add_provider(north.admin, facts.provider(theirs.id))
    ours = await clients.add_client(north.admin, facts.client)
    made = await providers.add_provider(north.admin, facts.provider(ours.id))
    assert made.client_name == facts.client.name
    assert (await providers.list_providers(north.admin, "hill, ann")).items == [made]
    assert (await providers.list_providers(north.admin, client_id=uuid4())).items == []
    with pytest.raises(Conflict):
        await providers.add_provider(north.admin, facts.provider(ours.id))
    with pytest.raises(Invalid):
        await providers.add_provider(
            north.admin, replace(facts.provider(ours.id), npi="1234567890", first_name="")
        )


async def test_a_provider_is_changed_and_ended(north, south, facts) -> None:
    ours = await clients.add_client(north.admin, facts.client)
    made = await providers.add_provider(north.admin, facts.provider(ours.id))
    changed = await providers.change_provider(
        north.admin, made.id, replace(facts.provider(ours.id), first_name="Anna"), expected_version=1
    )
    assert (changed.first_name, changed.version) == ("Anna", 2)
    other = await clients.add_client(north.admin, replace(facts.client, name="Other"))
    with pytest.raises(Invalid, match="stays"):
        await providers.change_provider(north.admin, made.id, facts.provider(other.id))
    ended = await providers.deactivate_provider(north.admin, made.id, "Left")
    assert not ended.active
    assert (await providers.reactivate_provider(north.admin, made.id)).active


async def test_a_payer_is_checked_stored_and_found(north, south, facts) -> None:
    made = await payers.add_payer(north.admin, facts.payer)
    assert (made.claim_filing_label, made.connection_name) == ("Commercial", "")
    for text in ("mutual", "pm0"):
        assert (await payers.list_payers(north.admin, text)).items == [made]
    assert (await payers.list_payers(south.admin)).items == []
    with pytest.raises(Conflict):
        await payers.add_payer(north.admin, facts.payer)
    with pytest.raises(Invalid) as refused:
        await payers.add_payer(
            north.admin,
            replace(
                facts.payer,
                name="",
                payer_id="A*B",
                claim_filing_code="??",
                edi_version="004010",
                timely_filing_days=0,
                appeal_days=99_999,
            ),
        )
    assert len(refused.value.fields) == 6
    with pytest.raises(Invalid):
        await payers.add_payer(north.admin, replace(facts.payer, connection_id=uuid4()))


async def test_a_payer_is_changed_by_version_and_ended_with_a_reason(north, south, facts) -> None:
    made = await payers.add_payer(north.admin, facts.payer)
    changed = await payers.change_payer(
        north.admin, made.id, replace(facts.payer, timely_filing_days=90), expected_version=1
    )
    assert (changed.timely_filing_days, changed.version) == (90, 2)
    with pytest.raises(Stale):
        await payers.change_payer(north.admin, made.id, facts.payer, expected_version=1)
    assert not (await payers.deactivate_payer(north.admin, made.id, "Merged")).active
    assert (await payers.reactivate_payer(north.admin, made.id)).active
    assert (await payers.get_payer(north.admin, made.id)).version == 4


async def test_every_change_and_every_refusal_is_in_the_audit_trail(north, south, facts) -> None:
    made = await clients.add_client(north.admin, facts.client)
    with pytest.raises(NotFound):
        await clients.get_client(south.admin, made.id)
    rows = await north.owner.fetch(
        "SELECT tenant_id, action, outcome FROM audit_log WHERE action LIKE 'clientele.%' ORDER BY seq"
    )
    assert [tuple(row) for row in rows] == [
        (north.tenant_id, "clientele.clients.add_client", "done"),
        (south.tenant_id, "clientele.clients.get_client", "refused"),
    ]
