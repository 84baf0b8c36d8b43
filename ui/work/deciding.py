"""How the open item may end: the decisions with their keys, the comment, and what is finished along with it."""

from typing import TYPE_CHECKING

from services.work.views import DecisionView, WorkView
from ui.parts.buttons import submit
from ui.parts.forms import long_text
from ui.parts.markup import (
    Child,
    Markup,
    details,
    div,
    form,
    h3,
    input_,
    label,
    p,
    section,
    small,
    span,
    strong,
    summary,
)
from ui.parts.times import ago
from ui.work.answers import answer_fields, answers_shown
from ui.work.around import also

if TYPE_CHECKING:
    from ui.work.queue import Queue


def decide(page: "Queue", item: WorkView) -> Child:
    """The form of the decision, or why there is none for this person."""
    if "complete" not in item.actions:
        return _not_yours(item)
    if "take" in item.actions:
        # A lead may decide what nobody has taken; taking it first is the usual way.
        return details(summary("Decide without taking it", cls="muted"), _form_of(page, item, "button"))
    return section(h3("How does it end?"), _form_of(page, item, "filled"))


def _form_of(page: "Queue", item: WorkView, look: str) -> Markup:
    return form(
        page.errors.get("decision") and p(page.errors["decision"], cls="error"),
        div(
            [_decision(page, one, place) for place, one in enumerate(item.decisions, 1)],
            cls="decisions",
            role="radiogroup",
        ),
        answer_fields(page),
        long_text(
            "comment",
            "Comment",
            page.typed_answers.get("comment", ""),
            errors=page.errors,
            rows=2,
            data_key="m",
            data_key_words="Write the comment",
        ),
        also(item),
        div(
            submit("Finish", look="", key="c", data_then="stay"),
            submit(
                "Finish, next",
                look=look,
                key="n",
                data_key_words="Finish and open the next",
                data_then="next",
            ),
            cls="form-foot",
        ),
        data_do="complete",
        data_id=str(item.id),
        cls="stack",
        data_key_of=f"decide-{item.id}",
        data_input="answering",
        data_wait="500",
        novalidate=bool(item.forms),
    )


def _decision(page: "Queue", one: DecisionView, place: int) -> Markup:
    needs = one.needs_comment and small("Needs a comment.")
    chosen = page.typed_answers.get("decision") == one.code
    box = input_(
        type="radio",
        name="decision",
        value=one.code,
        checked=chosen,
        data_key=str(place),
        data_key_words=f"Decide: {one.label}",
    )
    return label(box, span(strong(one.label), small(one.hint), needs), cls="decision")


def _not_yours(item: WorkView) -> Child:
    if item.line.status != "open":
        return None
    if "take" in item.actions:
        return p("Take it to decide how it ends.", cls="muted")
    if item.returns_to and "give_back" in item.actions:
        return p(f"Return it to {item.returns_to} with a comment when your part is done.", cls="muted")
    holder = item.line.owner_name
    words = f"{holder} is working on this." if holder else "Your roles do not include this kind of work."
    return p(words, cls="muted")


def ended(page: "Queue", item: WorkView) -> Child:
    """How it ended, once it has."""
    if item.line.status == "open":
        return None
    words = next(
        (one.label for one in item.decisions if one.code == item.decision),
        item.decision or "No longer needed",
    )
    return section(
        h3("How it ended"),
        p(
            strong(words),
            " ",
            item.finished_by_name and f"by {item.finished_by_name} ",
            ago(item.finished_at, page.zone),
        ),
        item.comment and p(item.comment, cls="quote"),
        answers_shown(item),
    )
