"""Charts by ECharts: the title states what is to be seen, and the table behind it is one key away.

Colours are named as the theme names them (`--accent`), so that light and dark both work; a figure with `href` opens what
it is made of.
"""

import json
from typing import Any

from ui.parts.markup import Child, Markup, details, div, figcaption, figure, summary

Options = dict[str, Any]


def chart(
    finding: str, options: Options, behind: Child, *, height: int = 220, unit: str = "", shown: bool = False
) -> Markup:
    """A chart with its finding as the title, its unit beside, and the table behind it; `shown`: unfolded at once."""
    text = json.dumps(options, separators=(",", ":"), default=str)
    return figure(
        figcaption(finding, unit and div(unit, cls="faint")),
        div(cls="chart", data_chart=text, style=f"height:{height}px", role="img", aria_label=finding),
        details(summary("The table behind it"), behind, open=shown),
        cls="figure-chart",
    )


def point(value: float, href: str = "", tone: str = "") -> dict[str, Any]:
    """One figure of a series: where it leads, and its colour when it is another than the series'."""
    found: dict[str, Any] = {"value": value}
    if href:
        found["href"] = href
    if tone:
        found["itemStyle"] = {"color": tone}
    return found


def bars(
    names: list[str], values: list[dict[str, Any]], *, upright: bool = False, marks: float | None = None
) -> Options:
    """Bars with their figure at the end: lying for names, upright for days. `marks` draws a line, such as a target."""
    names_axis = {"type": "category", "data": names, "axisTick": {"show": False}}
    value_axis = {"type": "value", "splitLine": {"lineStyle": {"color": "--line"}}}
    series: dict[str, Any] = {
        "type": "bar",
        "data": values,
        "itemStyle": {"color": "--accent", "borderRadius": 2},
        "barMaxWidth": 22,
    }
    if marks is not None:
        axis = "yAxis" if upright else "xAxis"
        line = {"silent": True, "symbol": "none", "data": [{axis: marks}]}
        series["markLine"] = {**line, "lineStyle": {"color": "--warn-bar"}, "label": {"formatter": "{c}"}}
    if upright:
        return {"xAxis": names_axis, "yAxis": value_axis, "series": [series]}
    series["label"] = {"show": True, "position": "right"}
    return {"xAxis": value_axis, "yAxis": {**names_axis, "inverse": True}, "series": [series]}
