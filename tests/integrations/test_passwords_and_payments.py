"""Password hashes and the billing stand-in."""

import asyncio
from pathlib import Path

from integrations import passwords
from integrations.payments import Customer, FilePayments

ONE = Customer("tenant-1", "North Billing", "admin@north.example", "pro")


async def test_a_password_is_kept_as_argon2id_with_at_least_what_owasp_asks() -> None:
    stored = await passwords.hashed("correct horse battery")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches(stored, "correct horse battery")
    assert not await passwords.matches(stored, "correct horse batterz")
    assert not passwords.outdated(stored)


async def test_two_hashes_of_one_password_differ() -> None:
    assert await passwords.hashed("correct horse") != await passwords.hashed("correct horse")


async def test_no_account_matches_no_password_and_a_damaged_hash_neither() -> None:
    for stored in (None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$YWJj$YWJj"):
        assert not await passwords.matches(stored, "no account has this password")


async def test_the_same_characters_match_however_a_keyboard_composes_them() -> None:
    assert await passwords.matches(await passwords.hashed("caf\u00e9 au lait"), "cafe\u0301 au lait")


async def test_the_same_key_makes_the_same_customer(tmp_path: Path) -> None:
    payments = FilePayments(tmp_path / "ledger" / "customers.jsonl")
    made = await asyncio.gather(*(payments.open_customer("key", ONE) for _ in range(5)))
    assert len(set(made)) == 1
    assert len((tmp_path / "ledger" / "customers.jsonl").read_text().splitlines()) == 1
    assert await payments.find_customer("key") == made[0]
    assert await payments.find_customer("other") == ""


async def test_a_closed_customer_stays_closed_and_is_known_after_a_restart(tmp_path: Path) -> None:
    payments = FilePayments(tmp_path / "customers.jsonl")
    identifier = await payments.open_customer("key", ONE)
    await payments.close_customer(identifier)
    await payments.close_customer(identifier)
    await payments.close_customer("cus_unknown")
    again = await FilePayments(tmp_path / "customers.jsonl").customers()
    assert list(again) == [identifier]
    assert (again[identifier]["status"], again[identifier]["plan"]) == ("closed", "pro")
