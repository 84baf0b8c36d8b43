"""Every action of every page, said as a button would say it, and what a tenant's rows were before and after."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any
from uuid import UUID

from tests.fixtures.tenancy import TenantFixture
from tests.ui.addresses import Closed, known_name, pages
from tests.ui.browsing import Browser, Tab
from ui.page import route

UNFORESEEN = "This did not work."

# The record that a page's actions are about, where it is not the one in its address.
_SUBJECTS = {
    "/work": "item_id",
    "/people": "membership_id",
    "/team/away": "absence_id",
    "/away": "absence_id",
    "/tokens": "token_id",
    "/patients/{patient_id}": "coverage_id",
    "/remittances/{remittance_id}": "remittance_claim_id",
}
# Drafts are a person's own, of every member; an outbox row is a message that waits for a process to answer.
_NOT_COMPARED = {"audit_log", "drafts", "outbox"}


def actions_of(one: Closed, ids: dict[str, UUID]) -> list[str]:
    """The actions that a page answers to; questions before what they lead to."""
    kind, _ = route(one.address(ids))
    names = [name.removeprefix("do_") for name in dir(kind) if name.startswith("do_")]
    return sorted(names, key=lambda name: not name.startswith("ask_"))


def arguments(one: Closed, ids: dict[str, UUID]) -> dict[str, Any]:
    """Every argument that any page reads, about the record that this page is about."""
    subject = _SUBJECTS.get(one.path) or next((known_name(name) for name in one.names), "claim_id")
    common = {
        "code": "E119",
        "number": "1",
        "priority": "1",
        "figure": "paid",
        "version": "1",
        "name": "payer",
    }
    return {"id": str(ids[subject]), "claim": str(ids["claim_id"]), "to": "/claims", **common}


def typed(ids: dict[str, UUID]) -> dict[str, Any]:
    """A form in which every field that needs words or a choice has one."""
    words = (
        "reason",
        "comment",
        "text",
        "name",
        "description",
        "email",
        "decision",
        "last_name",
        "first_name",
    )
    chosen = {name: str(value) for name, value in ids.items()}
    roles = [str(ids["role_id"])]
    return {**dict.fromkeys(words, "Changed"), **chosen, "role_ids": roles, "until": "2026-12-24T09:00"}


async def every_action(browser: Browser, ids: dict[str, UUID]) -> AsyncIterator[tuple[Closed, Tab, str]]:
    """Every action of every page, each page open in a tab of its own, until the next one."""
    for one in pages():
        if actions := actions_of(one, ids):
            async with browser.opened(one.address(ids)) as tab:
                for action in actions:
                    yield one, tab, action


async def every_kind_of_action(
    browser: Browser, ids: dict[str, UUID]
) -> AsyncIterator[tuple[Closed, Tab, str]]:
    """Every action, but one that many pages inherit on two of them only: one that adds and one that shows."""
    tried: Counter[object] = Counter()
    for one in pages():
        kind, _ = route(one.address(ids))
        written = {action: getattr(kind, f"do_{action}") for action in actions_of(one, ids)}
        fresh = [action for action, what in written.items() if tried[what] < 2]
        tried.update(written[action] for action in fresh)
        if fresh:
            async with browser.opened(one.address(ids)) as tab:
                for action in fresh:
                    yield one, tab, action


def unforeseen(one: Closed, action: str, tab: Tab) -> Iterable[str]:
    """Failures that nobody gave a name, as the person would see them."""
    if any(UNFORESEEN in title for _, title, _ in tab.told):
        yield f"{one.path} {action}: failed without a name"
    if "This could not be shown" in tab.main:
        yield f"{one.path} {action}: the page broke"


async def rows_of(tenant: TenantFixture) -> dict[str, str]:
    """A fingerprint of every table of the tenant, those left out that are written whatever happens."""
    names = await tenant.owner.fetch(
        "SELECT table_name AS name FROM information_schema.columns"
        " WHERE column_name = 'tenant_id' AND table_schema = 'public'"
    )
    sql = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t WHERE tenant_id = $1"
    known = sorted({row["name"] for row in names} - _NOT_COMPARED)
    return {name: await tenant.owner.fetchval(sql.format(name), tenant.tenant_id) for name in known}
