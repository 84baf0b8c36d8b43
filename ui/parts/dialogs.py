"""Dialogs: a form over the page. Irreversible acts ask for a reason instead of `Are you sure?`."""

from typing import Any

from ui.parts.buttons import action, submit
from ui.parts.markup import Child, Markup, button, dialog, div, footer, form, h2, header, p


def window(title: str, *body: Child, look: str = "") -> Markup:
    """A dialog with a title and a close button."""
    return dialog(
        header(
            h2(title), button("×", type="button", cls="close", data_do="close_dialog", aria_label="Close")
        ),
        div(*body, cls="dialog-body"),
        cls=look or None,
        aria_label=title,
    )


def form_window(
    title: str,
    do: str,
    button_words: str,
    *body: Child,
    explanation: Child = "",
    look: str = "",
    **arguments: Any,
) -> Markup:
    """A dialog that holds a form; `arguments` travel with the action."""
    return window(
        title,
        form(
            explanation and p(explanation, cls="explanation"),
            *body,
            footer(action("Cancel", "close_dialog", look="quiet"), submit(button_words)),
            data_do=do,
            **{f"data_{key}": value for key, value in arguments.items()},
        ),
        look=look,
    )
