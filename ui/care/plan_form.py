"""The form of a care plan: every element, conditions searched by code and words, goals and interventions as rows."""

from typing import TYPE_CHECKING

from domain.care.plan import ELEMENTS, PROGNOSES
from domain.codes import icd10cm
from ui.care.plan_form_rows import HEADS, error, rows_of, tool
from ui.parts.buttons import action, submit
from ui.parts.cards import card
from ui.parts.forms import choice, field, long_text, summary_of
from ui.parts.markup import (
    Child,
    Markup,
    b,
    button,
    div,
    form,
    input_,
    label,
    p,
    span,
    table,
    tbody,
    td,
    tr,
)
from ui.parts.times import ago

if TYPE_CHECKING:
    from ui.care.plan_edit import EditPlan

_TEXT_HINTS = {
    "outcome": "What is expected with this plan",
    "cognitive": "Orientation, memory, decline; the instrument used",
    "functional": "Daily activities, walking, falls",
    "symptoms": "What may come, and what to do about it",
    "medication": "Medicines, who reconciled them and when, adherence",
    "environment": "Home, safety, food, transport",
    "caregiver": "Who helps, and how they are",
    "coordination": "Other providers, community services, equipment",
}


def whole(page: "EditPlan") -> Markup:
    """The form."""
    return form(
        summary_of(page.errors, names_of(page)),
        _problems(page),
        _outlook(page),
        rows_of(page, "goals", "Add a goal"),
        rows_of(page, "interventions", "Add an intervention"),
        _texts(page),
        _save(page),
        data_do="store",
        data_input="typed",
        data_wait="700",
        data_key_of=f"plan-form-{page.shown.enrolment_id}",
        novalidate=True,
        data_rows_form=True,
    )


def names_of(page: "EditPlan") -> dict[str, str]:
    """Words for the fields that a summary links to."""
    names = {name: f"{words}:" for name, words in ELEMENTS.items()} | {
        "why": "Why:",
        "in_force_on": "In force since:",
    }
    for kind, heads in HEADS.items():
        for number in range(1, len(page.sheet.rows[kind]) + 1):
            one = ELEMENTS[kind].removeprefix("Planned ").rstrip("s").capitalize()
            names |= {
                f"{kind}.{number}.{part}": f"{one} {number}, {words.lower()}:"
                for part, words in heads.items()
            }
    return names


def _problems(page: "EditPlan") -> Markup:
    lines = [_problem(page, number, row) for number, row in enumerate(page.sheet.rows["problems"], 1)]
    search = div(
        input_(
            id="f-problems",
            name="problem",
            type="text",
            placeholder="Code or words: E11.9, type 2 diabetes",
            autocomplete="off",
            data_input="find_problem",
            data_wait="150",
            role="combobox",
            aria_label="Add a condition",
            aria_expanded="false",
            data_key_of=f"problem-{page.added}",
        ),
        _found(page),
        cls="field suggest",
        data_suggest=True,
        style="max-width: 560px",
    )
    rows = table(tbody(lines), cls="lines", aria_label="Problem list") if lines else None
    return card("Problem list", rows, search, error(page, "problems"))


def _problem(page: "EditPlan", number: int, row: dict[str, str]) -> Markup:
    where = f"problems.{number}"
    words = input_(
        id=f"f-{where}.words", name=f"{where}.words", type="text", value=row["words"],
        aria_label=f"Condition {number} in words", autocomplete="off",
    )  # fmt: skip
    chronic = input_(type="checkbox", name=f"{where}.chronic", value="true", checked=bool(row["chronic"]))
    up = number > 1 and tool("↑", "raise_problem", number, f"Move {row['code']} up")
    return tr(
        td(str(number), cls="number"),
        td(b(icd10cm.dotted(row["code"])), error(page, f"{where}.code"), style="width:96px; padding-top:9px"),
        td(words),
        td(_labelled_box(chronic), style="width:110px; padding-top:8px"),
        td(
            up or None,
            tool("×", "remove_row", number, f"Remove {row['code']}", kind="problems"),
            style="width:70px",
        ),
        data_key_of=f"problems-{row['code']}",
    )


def _labelled_box(box: Markup) -> Markup:
    return label(box, span("Chronic"), cls="check")


def _found(page: "EditPlan") -> Child:
    if page.found is None:
        return None
    if not page.found:
        return div(p("No code begins like this or has these words.", cls="none"), cls="suggestions")
    options = [
        button(
            b(icd10cm.dotted(one.code)), span(one.description), type="button", role="option",
            aria_selected=str(place == 0).lower(), data_do="add_problem", data_code=one.code,
        )
        for place, one in enumerate(page.found)
    ]  # fmt: skip
    return div(options, cls="suggestions", role="listbox")


def _outlook(page: "EditPlan") -> Markup:
    heads, errors = page.sheet.heads, page.errors
    return card(
        "Outlook and review",
        div(
            choice(
                "prognosis", ELEMENTS["prognosis"], PROGNOSES.items(), heads.get("prognosis", ""), errors=errors,
                prompt="Choose", required=True,
            ),
            field(
                "review_on", ELEMENTS["review_on"], heads.get("review_on", ""), kind="date", errors=errors,
                required=True, hint="within a year",
            ),
            _long(page, "outcome"),
            cls="fields",
        ),
    )  # fmt: skip


def _texts(page: "EditPlan") -> Markup:
    names = [name for name in _TEXT_HINTS if name != "outcome"]
    return card(
        "Assessments and coordination", div([_long(page, name, "half") for name in names], cls="halves")
    )


def _long(page: "EditPlan", name: str, look: str = "wide") -> Markup:
    value = page.sheet.heads.get(name, "")
    return long_text(
        name, ELEMENTS[name], value, errors=page.errors, hint=_TEXT_HINTS[name], required=True, look=look
    )


def _save(page: "EditPlan") -> Markup:
    saved = (
        span("Draft kept ", ago(page.saved_at, page.zone), cls="saved")
        if page.saved_at
        else span(cls="saved")
    )
    heads, errors = page.sheet.heads, page.errors
    hint = "the day on which it was agreed; today, if you leave it empty"
    since = field(
        "in_force_on", "In force since", heads.get("in_force_on", ""), kind="date", errors=errors, hint=hint
    )
    why = None
    if page.shown.newest or heads.get("in_force_on"):
        words = "Why it is changed" if page.shown.newest else "Why it holds from that day"
        why = field("why", words, heads.get("why", ""), errors=errors, required=True, look="wide")
    anyway = action("Store as incomplete", "store_incomplete", look="") if page.missing else None
    words = "An incomplete version is kept, and takes nobody into care." if page.missing else ""
    foot = div(saved, words and span(words, cls="faint"), anyway, submit("Store", key="c"), cls="form-foot")
    return card(f"Store as version {page.shown.newest + 1}", div(since, why, cls="fields"), foot)
