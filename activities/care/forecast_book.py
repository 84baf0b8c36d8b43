"""What the forecast learned and measured, as it is stored and as it is used."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from database.session import Session
from domain.care.backtest_figures import Backtest
from domain.care.compound import Sums
from domain.care.forecast_model import FORMULA, Bend, Book, Level

KEPT = 60
_NEWEST = "SELECT learned, better, formula FROM care_backtests WHERE tenant_id = current_tenant() ORDER BY id DESC LIMIT 1"


async def book_in_use(session: Session) -> tuple[Book, bool]:
    """What was learned last, and whether the forecast is to be used: not where the straight line was measured to be as
    good. Before anything was measured it is used, and the page says that nobody knows how good it is."""
    row = await session.row(_NEWEST)
    if row is None or row["formula"] != FORMULA:
        return Book(), True
    return book_from(json.loads(row["learned"])), row["better"]


async def keep(session: Session, made: Backtest) -> None:
    """Keep a measurement as the newest one, and forget all but the latest."""
    await session.execute(
        "INSERT INTO care_backtests (tenant_id, formula, months, patients, better, figures, learned)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session.tenant_id,
        made.formula,
        list(made.months),
        made.patients,
        made.better or not made.months,
        json.dumps(figures_of(made)),
        json.dumps(stored(made.book)),
    )
    await session.execute(
        "DELETE FROM care_backtests WHERE tenant_id = current_tenant() AND id NOT IN"
        " (SELECT id FROM care_backtests WHERE tenant_id = current_tenant() ORDER BY id DESC LIMIT $1)",
        KEPT,
    )


def figures_of(made: Backtest) -> dict[str, Any]:
    """What was measured: counts only."""
    return {
        "checkpoints": [asdict(one) for one in made.checkpoints],
        "reliability": [asdict(one) for one in made.reliability],
        "more_found": made.more_found,
        "noise": made.noise,
    }


def stored(book: Book) -> dict[str, Any]:
    """A book as JSON: figures, and coordinators by their ids."""
    return {
        "level": asdict(book.level),
        "coordinators": {str(who): asdict(level) for who, level in book.coordinators.items()},
        "shape": list(book.shape),
        "profile": list(book.profile),
        "profiles": {str(who): list(profile) for who, profile in book.profiles.items()},
        "evidence": book.evidence,
        "strength": book.strength,
        "bends": [asdict(one) for one in book.bends],
        "straight": [[day, list(shares)] for day, shares in book.straight],
    }


def book_from(kept: Mapping[str, Any]) -> Book:
    """The book of a stored row."""
    shape = tuple(kept["shape"])
    return Book(
        Level(**kept["level"]),
        {UUID(who): Level(**level) for who, level in kept["coordinators"].items()},
        shape,
        tuple(kept["profile"]),
        {UUID(who): tuple(profile) for who, profile in kept["profiles"].items()},
        kept["evidence"],
        kept["strength"],
        tuple(Bend(**one) for one in kept["bends"]),
        tuple((day, tuple(shares)) for day, shares in kept["straight"]),
        Sums(shape),
    )
