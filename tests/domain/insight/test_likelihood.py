"""A claim's chance of denial follows the tenant's own history, says why, and is measured on months it never saw."""

import random

from domain.insight.likelihood import Example, Factor, learn, measure
from domain.rates import Rate, wilson


def claim(payer: str, procedure: str, client: str = "c") -> tuple[Factor, ...]:
    """The factors of a claim with one line."""
    return ("payer", payer), ("procedure", f"{payer}|{procedure}"), ("client", f"{payer}|{client}")


def history(months: int, seed: int = 1) -> list[Example]:
    """Payer A denies 99215 nearly always and else seldom; payer B denies seldom whatever it is."""
    draw = random.Random(seed)
    examples = []
    for month in range(1, months + 1):
        for _ in range(200):
            payer, procedure = draw.choice("AB"), draw.choice(("99213", "99214", "99215"))
            chance = 0.8 if (payer, procedure) == ("A", "99215") else 0.05
            examples.append(Example(f"2026-{month:02d}", claim(payer, procedure), draw.random() < chance))
    return examples


def test_what_was_denied_often_is_likely_to_be_denied_again_and_the_reason_is_named() -> None:
    model = learn(history(6))
    risky, usual = model.of(claim("A", "99215")), model.of(claim("B", "99213"))
    assert risky.chance > 0.5 > 0.15 > usual.chance
    strongest = max(risky.reasons[1:], key=lambda one: one.effect)
    assert (strongest.kind, strongest.key) == ("procedure", "A|99215")
    assert strongest.denied / strongest.decided > 0.7 and strongest.usual < 0.4


def test_the_measure_is_taken_on_the_last_months_and_beats_the_plain_rate() -> None:
    found = measure(history(6))
    assert found is not None and found.useful
    assert 350 < found.claims < 450
    assert found.brier < 0.75 * found.brier_plain
    assert found.top_denied / found.top_claims > 0.6


def test_pure_chance_is_not_called_useful_by_much() -> None:
    draw = random.Random(7)
    noise = [
        Example(f"2026-{month:02d}", claim("A", f"{draw.randrange(99201, 99499)}"), draw.random() < 0.1)
        for month in range(1, 7)
        for _ in range(200)
    ]
    found = measure(noise)
    assert found is not None and found.brier > 0.97 * found.brier_plain


def test_a_single_month_or_no_history_cannot_be_measured() -> None:
    assert measure([]) is None
    assert measure(history(1)) is None
    assert 0 < learn([]).of(claim("A", "99213")).chance < 1


def test_two_cases_do_not_speak_as_loudly_as_two_hundred() -> None:
    few = [Example("2026-01", claim("A", "99213"), True)] * 2 + [
        Example("2026-02", claim("A", "1"), False)
    ] * 200
    many = [Example("2026-01", claim("A", "99213"), True)] * 200 + few
    assert learn(few).of(claim("A", "99213")).chance < 0.3 < learn(many).of(claim("A", "99213")).chance


def test_a_rate_has_an_interval_and_nothing_to_rate_is_said() -> None:
    low, high = wilson(10, 80)
    assert (round(low, 4), round(high, 4)) == (0.0693, 0.2150)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == 1
    assert Rate(0, 0).share is None and Rate(0, 0).words == "nothing to rate"
    assert Rate(10, 80).words == "12.5 % (10 of 80)"
