"""Fields with the label above, the format shown, and the error beside; a summary on top links to each fault."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.refusals import FieldError
from ui.parts.icons import icon
from ui.parts.markup import (
    EMPTY,
    Child,
    Markup,
    a,
    div,
    fieldset,
    form,
    input_,
    label,
    legend,
    li,
    option,
    select,
    small,
    span,
    strong,
    textarea,
    ul,
)

Errors = Mapping[str, str]


def errors_of(fields: Iterable[FieldError]) -> dict[str, str]:
    """Messages by field; several for one field are put together."""
    found: dict[str, str] = {}
    for fault in fields:
        found[fault.field] = (
            f"{found[fault.field]} {fault.message}" if fault.field in found else fault.message
        )
    return found


def field(
    name: str,
    words: str,
    value: object = "",
    *,
    errors: Errors | None = None,
    hint: str = "",
    unit: str = "",
    kind: str = "text",
    required: bool = False,
    look: str = "",
    **attributes: Any,
) -> Markup:
    """A text field. `unit` stands inside it, after the figure unless it is $; `hint` shows the format."""
    control = input_(
        id=f"f-{name}",
        name=name,
        type=kind,
        value="" if value is None else str(value),
        required=required,
        autocomplete=attributes.pop("autocomplete", "off"),
        **_described(name, errors, hint),
        **attributes,
    )
    if unit:
        control = span(span(unit, cls="unit"), control, cls="with-unit" if unit == "$" else "with-unit after")
    return _labelled(name, words, control, errors, hint, required, look)


def search(value: str, placeholder: str, label: str) -> Markup:
    """The filter by words above a list: the page's `do_filter` is asked a moment after the last key."""
    return form(
        input_(
            type="search",
            name="text",
            value=value,
            placeholder=placeholder,
            data_filter=True,
            data_input="filter",
            data_wait="250",
            aria_label=label,
        ),
        data_do="filter",
    )


def choice(
    name: str,
    words: str,
    options: Iterable[tuple[str, str]],
    value: object = "",
    *,
    errors: Errors | None = None,
    hint: str = "",
    required: bool = False,
    look: str = "",
    prompt: str | None = None,
    **attributes: Any,
) -> Markup:
    """A choice of one. `options` are (value, words); `prompt` is the words of the empty choice."""
    known = [option(words_, value=key, selected=key == str(value or "")) for key, words_ in options]
    if prompt is not None:
        known.insert(0, option(prompt, value="", selected=not value))
    control = select(
        known, id=f"f-{name}", name=name, required=required, **_described(name, errors, hint), **attributes
    )
    return _labelled(name, words, control, errors, hint, required, look)


def long_text(
    name: str,
    words: str,
    value: str = "",
    *,
    errors: Errors | None = None,
    hint: str = "",
    required: bool = False,
    rows: int = 3,
    look: str = "wide",
    **attributes: Any,
) -> Markup:
    """A field of several lines."""
    control = textarea(
        value,
        id=f"f-{name}",
        name=name,
        rows=rows,
        required=required,
        **_described(name, errors, hint),
        **attributes,
    )
    return _labelled(name, words, control, errors, hint, required, look)


def check(
    name: str, words: Child, on: bool, *, hint: str = "", value: str = "true", **attributes: Any
) -> Markup:
    """A box to tick. Names that end in `[]` gather into a list."""
    box = input_(type="checkbox", name=name, value=value, checked=on, **attributes)
    return label(box, span(words, hint and small(hint)), cls="check")


def group(title: str, *children: Child, look: str = "") -> Markup:
    """Fields that belong together."""
    return fieldset(legend(title), div(*children, cls="fields"), cls=look or None)


def hidden(name: str, value: object) -> Markup:
    """A field that travels along."""
    return input_(type="hidden", name=name, value=str(value))


def summary_of(errors: Errors, names: Mapping[str, str] | None = None) -> Markup:
    """All faults on top, each a link to its field. `names` gives fields their words."""
    if not errors:
        return EMPTY
    lines = [
        li(
            a((names or {}).get(where, _words(where)), href=f"#f-{where}", data_skip_to=f"f-{where}"),
            " ",
            what,
        )
        for where, what in errors.items()
    ]
    count = "One thing needs" if len(lines) == 1 else f"{len(lines)} things need"
    return div(
        icon("alert"),
        div(strong(f"{count} your attention."), ul(lines)),
        cls="notice bad faults",
        role="alert",
    )


def _words(where: str) -> str:
    return where.replace(".", " ").replace("_", " ").capitalize() + ":"


def _labelled(
    name: str, words: str, control: Markup, errors: Errors | None, hint: str, required: bool, look: str
) -> Markup:
    message = (errors or {}).get(name, "")
    return div(
        label(words, not required and span("optional", cls="optional"), for_=f"f-{name}"),
        control,
        hint and not message and small(hint, id=f"h-{name}"),
        message and small(message, id=f"e-{name}", cls="error"),
        cls=f"field {look} {'wrong' if message else ''}".strip(),
    )


def _described(name: str, errors: Errors | None, hint: str) -> dict[str, Any]:
    if errors and name in errors:
        return {"aria_invalid": "true", "aria_describedby": f"e-{name}"}
    return {"aria_describedby": f"h-{name}"} if hint else {}
