"""Rules of registration: addresses, e-mails, passwords, names and plans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tenancy import (
    ONBOARDING_STEPS,
    PLANS,
    RESERVED_SUBDOMAINS,
    email_problem,
    name_problem,
    password_problem,
    subdomain_problem,
)


@pytest.mark.parametrize("subdomain", ["abc", "north-shore", "a1b", "x" * 40])
def test_a_plain_subdomain_is_fine(subdomain: str) -> None:
    assert subdomain_problem(subdomain) == ""


@pytest.mark.parametrize(
    "subdomain",
    [
        "",
        "ab",
        "x" * 41,
        "1abc",
        "-abc",
        "abc-",
        "Abc",
        "a.b",
        "a_b",
        "abc\n",
        "äbc",
        *sorted(RESERVED_SUBDOMAINS),
    ],
)
def test_any_other_subdomain_is_refused_in_words(subdomain: str) -> None:
    assert subdomain_problem(subdomain)


@pytest.mark.parametrize("email", ["a@b.co", "first.last+tag@sub.company.example", "o'brien@x-y.org"])
def test_a_usual_e_mail_is_fine(email: str) -> None:
    assert email_problem(email) == ""


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@b",
        "@b.co",
        "a@",
        "a b@c.de",
        "a@b..co",
        "a@-b.co",
        "A@b.co",
        "a@b.co\n",
        "a@b.c",
        f"{'x' * 65}@b.co",
        f"a@{'b.' * 130}co",
    ],
)
def test_what_cannot_be_an_e_mail_is_refused(email: str) -> None:
    assert email_problem(email)


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules_of_e_mails_passwords_names_and_subdomains(text: str) -> None:
    for problem in (email_problem(text), password_problem(text), name_problem(text), subdomain_problem(text)):
        assert isinstance(problem, str)


@pytest.mark.parametrize("password", ["", "eleven char", "a" * 20, "abababababababab", "x" * 201])
def test_a_short_monotonous_or_endless_password_is_refused(password: str) -> None:
    assert password_problem(password)


@pytest.mark.parametrize("password", ["twelve chars", "a sentence with blanks", "пароль из слов"])
def test_length_counts_and_nothing_else(password: str) -> None:
    assert password_problem(password) == ""


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "line\nbreak"])
def test_an_empty_long_or_unprintable_name_is_refused(name: str) -> None:
    assert name_problem(name)


def test_a_larger_plan_never_gives_less() -> None:
    starter, pro, enterprise = PLANS["starter"], PLANS["pro"], PLANS["enterprise"]
    for smaller, larger in ((starter, pro), (pro, enterprise)):
        assert smaller.people < larger.people
        assert smaller.connections < larger.connections
        assert smaller.requests_a_minute < larger.requests_a_minute
        assert smaller.fairness_weight < larger.fairness_weight
        assert set(smaller.features) <= set(larger.features)


def test_every_step_of_onboarding_has_a_key_and_words() -> None:
    keys = [key for key, _ in ONBOARDING_STEPS]
    assert len(keys) == len(set(keys)) == 8
    assert all(words for _, words in ONBOARDING_STEPS)
