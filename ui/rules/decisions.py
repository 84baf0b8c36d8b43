"""What a table decided, each with its version, its row and its facts; and the same as it leaves."""

import json
from collections.abc import Mapping
from typing import Any

from domain.paging import Page as Paged
from domain.tenancy import Actor
from services.rules import reading
from services.rules.table_views import DecisionLine, TableView
from ui.parts import table
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, a, div, small, span
from ui.parts.money import dollars
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import ago

HEADINGS = ("At", "Table", "Decided by", "Version", "Rows", "About", "Id", "Answer", "Facts")
_PAGES = {"claim": "/claims/{}", "work_item": "/work?tab=all&item={}"}


def decisions_markup(
    shown: TableView, found: Paged[DecisionLine], query: dict[str, str], zone: str
) -> Markup:
    """A page of decisions, the newest first."""
    path = f"/rules/{shown.code}"
    facts = {one.key: one.label for one in shown.inputs}
    answers = {one.key: one.label for one in shown.outputs}
    if not found.items:
        return empty(
            "Nothing was decided here yet.", "Every time the process asks this table, a line appears."
        )
    columns = [
        Column[DecisionLine]("When", lambda one: ago(one.at, zone), "tight"),
        Column[DecisionLine]("Decided by", _by, "tight"),
        Column[DecisionLine]("Row", lambda one: ", ".join(map(str, one.rows)) or span("–", cls="faint"), "right"),
        Column[DecisionLine]("About", _about, "tight"),
        Column[DecisionLine]("Answer", lambda one: _told(said(one.value, answers)), "clip"),
        Column[DecisionLine]("Facts", lambda one: small(_told(said(one.facts, facts))), "clip wide"),
    ]  # fmt: skip
    rows = table.rows(columns, found.items, key=lambda one: one.id, label="Decisions")
    return div(rows, table.pager(path, query, found.next, len(found.items)))


def said(value: Any, labels: Mapping[str, str] | None = None) -> str:
    """Facts or an answer in one line, in the order of the labels; what is unknown is left out."""
    if isinstance(value, list):
        return "; ".join(said(one, labels) for one in value)
    if not isinstance(value, dict):
        return str(value)
    order = [*(labels or {}), *(key for key in value if key not in (labels or {}))]
    told = {key: value[key] for key in order if value.get(key) not in (None, "", [])}
    return ", ".join(f"{(labels or {}).get(key, key)}: {_plain(key, one)}" for key, one in told.items())


def _plain(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key.endswith("_cents") and isinstance(value, int):
        return dollars(value)
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(words: str) -> Markup:
    return span(words, title=words) if words else span("–", cls="faint")


async def pages(actor: Actor, query: dict[str, str], cursor: str | None, size: int) -> Paged[DecisionLine]:
    """Decisions of one table, or of all."""
    return await reading.list_decisions(actor, table=query.get("table", ""), cursor=cursor, limit=size)


def cells(one: DecisionLine) -> tuple[object, ...]:
    """A decision's row."""
    return (
        one.at, one.table, one.origin, one.version, " ".join(map(str, one.rows)), one.subject_type,
        one.subject_id, json.dumps(one.value), json.dumps(one.facts),
    )  # fmt: skip


def _by(one: DecisionLine) -> Markup:
    if one.origin == "default":
        return chip("default", "neutral")
    return chip(f"{'own' if one.origin == 'own' else 'platform'}, version {one.version}", "info")


def _about(one: DecisionLine) -> Child:
    words = one.subject_type.replace("_", " ")
    if one.subject_type in _PAGES and one.subject_id:
        return a(words, href=_PAGES[one.subject_type].format(one.subject_id))
    return words or span("–", cls="faint")
