"""How a test file stands: its steps, its answers with their codes, and what to do when a step fails."""

from services.clientele.trials import TrialAnswer, TrialView
from ui.parts.buttons import action
from ui.parts.chips import copyable, status_chip
from ui.parts.markup import Child, Markup, a, div, li, ol, small, span, strong
from ui.parts.states import notice
from ui.parts.times import ago

_MARKS = {"done": ("✓", "ok"), "current": ("…", "info"), "failed": ("!", "bad"), "ahead": ("", "")}


def trial_progress(trial: TrialView, zone: str) -> Markup:
    """The steps, the answers, and the way out of what failed."""
    steps = [
        li(
            strong(f"{_MARKS[one.state][0]} {one.words}".strip()),
            _beside(one.step, trial, zone),
            cls=_MARKS[one.state][1] or None,
        )
        for one in trial.steps
    ]
    return div(_trouble(trial), ol(steps, cls="timeline"), _waiting(trial), cls="stack")


def _beside(step: str, trial: TrialView, zone: str) -> Child:
    if step == "prepare" and trial.file_id:
        return small(
            " ", a("Open the file", href=f"/files/{trial.file_id}"), " · claim ", copyable(trial.claim_number)
        )
    if step == "upload" and trial.uploaded_at:
        return small(
            " proven by SHA-256 ", span(trial.sha256[:16], cls="mono"), "… ", ago(trial.uploaded_at, zone)
        )
    if step == "answers" and trial.answers:
        return div([_answer(one) for one in trial.answers], cls="stack")
    return None


def _answer(one: TrialAnswer) -> Markup:
    return small(
        a(one.kind, href=f"/files/{one.file_id}"), f" of the {one.sender} ", status_chip(one.verdict), " ",
        span(" ".join(one.codes), cls="mono faint"),
    )  # fmt: skip


def _trouble(trial: TrialView) -> Child:
    if trial.status == "ended":
        return notice("warn", "This test was given up.", "Send another when the partner is ready.")
    if trial.status != "waiting":
        return None
    acts = div(
        action("Try again", "again", look="tiny"),
        action("Give up", "end_trial", look="tiny quiet"),
        cls="actions",
    )
    return notice("bad", trial.words, trial.what_to_do, acts)


def _waiting(trial: TrialView) -> Child:
    if trial.status != "running" or trial.step != "answers":
        return None
    return div(
        small("Answers are fetched by themselves; the page shows them as they come.", cls="faint"),
        div(
            action("Look now", "again", look="tiny"),
            action("Give up", "end_trial", look="tiny quiet"),
            cls="actions",
        ),
    )
