"""The versions of a table: what each changed, and the way back."""

from collections.abc import Sequence

from services.rules.table_views import ColumnView, DifferenceView, TableView, VersionLine
from ui.parts import table
from ui.parts.buttons import action, link
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.dialogs import form_window
from ui.parts.forms import field, long_text, summary_of
from ui.parts.markup import Child, Markup, a, div, li, p, small, span, strong, ul
from ui.parts.states import empty
from ui.parts.table import Column
from ui.parts.times import day, moment

_STATES = {
    "in_force": ("in force", "ok"),
    "broken": ("broken", "bad"),
    "scheduled": ("scheduled", "info"),
    "past": ("past", "neutral"),
}
_WHAT = {"added": "ok", "removed": "bad", "changed": "warn", "moved": "info"}


def versions_markup(
    shown: TableView, differences: list[DifferenceView] | None, before: int, *, publishes: bool, zone: str
) -> Markup:
    """Every version, and the rows that differ when two are compared."""
    if not shown.versions:
        return empty("Nothing was published yet.", f"{shown.otherwise} Publish the draft to change that.")
    columns = [
        Column[VersionLine]("Version", lambda one: _number(shown, one), "tight"),
        Column[VersionLine]("State", lambda one: chip(*_STATES[one.state]), "tight"),
        Column[VersionLine]("From", lambda one: day(one.effective_from), "right tight"),
        Column[VersionLine]("Rows", lambda one: str(one.rows), "right"),
        Column[VersionLine]("Why", _why, "clip wide"),
        Column[VersionLine]("By", lambda one: (one.published_by, small(moment(one.published_at, zone), cls="sub")), "clip"),
        Column[VersionLine]("", lambda one: _acts(shown, one, publishes), "right tight"),
    ]  # fmt: skip
    rows = table.rows(columns, shown.versions, key=lambda one: one.version, label="Versions")
    return div(rows, differences is not None and _differences(shown, differences, before), cls="stack")


def restore_window(version: int, errors: dict[str, str], reason: str) -> Markup:
    """Rolling back asks why."""
    return form_window(
        f"Roll back to version {version}",
        "restore",
        "Roll back now",
        summary_of(errors),
        long_text("reason", "Why", reason, errors=errors, required=True, hint="Nothing about a patient"),
        explanation=f"Version {version} is published again as a new version and holds from today.",
        version=version,
    )


def publish_window(shown: TableView, errors: dict[str, str], today: str, reason: str) -> Markup:
    """Publishing asks from which day on, and why."""
    passed = sum(one.passed for one in shown.draft.results)
    tests = (
        f"{passed} of {len(shown.draft.results)} tests pass." if shown.draft.results else "It has no tests."
    )
    if not shown.inputs:
        tests = ""
    stays = "The version in force stays so until that day."
    return form_window(
        f"Publish {shown.name}",
        "publish",
        "Publish",
        summary_of(errors),
        field("effective_from", "In force from", today, kind="date", errors=errors, required=True),
        long_text("reason", "Why", reason, errors=errors, required=True, hint="Nothing about a patient"),
        explanation=" ".join((f"{len(shown.draft.grid.rows)} rows. {tests}", *shown.draft.warnings, stays)),
    )


def withdraw_window(shown: TableView, errors: dict[str, str], reason: str) -> Markup:
    """Taking the own table out of force asks why."""
    return form_window(
        f"Take {shown.name} out of force",
        "withdraw",
        "Take out of force",
        summary_of(errors),
        long_text("reason", "Why", reason, errors=errors, required=True, hint="Nothing about a patient"),
        explanation=f"From today on: {shown.otherwise} Every version is kept and can be rolled back to.",
    )


def _number(shown: TableView, one: VersionLine) -> Child:
    return a(str(one.version), href=f"/rules/{shown.code}?tab=versions&before={one.version}")


def _why(one: VersionLine) -> Child:
    if one.kind == "withdrawn":
        return one.reason, small("taken out of force", cls="sub")
    return one.reason, one.restores and small(f"version {one.restores} again", cls="sub")


def _acts(shown: TableView, one: VersionLine, publishes: bool) -> Child:
    if one.kind == "withdrawn":
        return ""
    newest = one.version == shown.versions[0].version
    return div(
        publishes
        and not newest
        and action("Roll back", "ask_restore", look="quiet small", data_version=one.version),
        action("As draft", "take", look="quiet small", data_version=one.version),
        link("Compare", f"/rules/{shown.code}?tab=versions&before={one.version}", look="quiet small"),
        cls="row-acts",
    )


def _differences(shown: TableView, found: list[DifferenceView], before: int) -> Markup:
    title = f"From version {before} to the draft"
    if not found:
        return card(title, p("No row differs.", cls="faint"))
    words = _labels(shown.inputs, "when") | _labels(shown.outputs, "then") | {"note": "Note"}
    return card(title, ul([li(_difference(one, words)) for one in found], cls="plain differences"))


def _difference(one: DifferenceView, words: dict[str, str]) -> Child:
    mark = chip(one.what, _WHAT[one.what])
    if one.what == "moved":
        return mark, " ", span(_said(one.after, words))
    if one.what in ("added", "removed"):
        return mark, " ", span(_said(one.after or one.before, words))
    keys = [key for key in words if one.before.get(key, "") != one.after.get(key, "")]
    changes = [
        span(
            strong(words[key]),
            ": ",
            one.before.get(key) or "any",
            " → ",
            one.after.get(key) or "any",
            cls="change",
        )
        for key in keys
    ]
    return mark, " ", changes, small(f" in {_said(one.after, words)}", cls="faint")


def _said(cells: dict[str, str], words: dict[str, str]) -> str:
    return ", ".join(f"{words.get(key, key)}: {text}" for key, text in cells.items()) or "an empty row"


def _labels(columns: Sequence[ColumnView], side: str) -> dict[str, str]:
    return {f"{side}.{column.key}": column.label for column in columns}
