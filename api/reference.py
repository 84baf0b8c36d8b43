"""The API's reference as one plain page: made here from the document, with nothing fetched from anywhere else."""

import json
from collections import defaultdict
from html import escape
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

_METHODS = ("get", "post", "put", "delete")
_STYLE = """
:root { color-scheme: light dark; --line: #d5dae1; --soft: #f3f5f8; --text: #1c2430; --dim: #566072; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --line: #333c4a; --soft: #1d242f; --text: #e6eaf0; --dim: #a3adbd; --accent: #7fb0ff; }
  body { background: #12171f; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--text); display: grid; grid-template-columns: 220px 1fr; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 24px 16px; border-right: 1px solid var(--line); }
nav a { display: block; padding: 4px 8px; border-radius: 4px; color: inherit; text-decoration: none; }
nav a:hover { background: var(--soft); }
main { max-width: 980px; padding: 24px 32px 96px; min-width: 0; }
h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 18px; margin: 40px 0 8px; }
a { color: var(--accent); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.about li { margin: 4px 0; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 8px 0; }
summary { padding: 8px 12px; cursor: pointer; display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
summary b { width: 56px; font-size: 12px; color: var(--accent); }
summary span { color: var(--dim); margin-left: auto; }
.inside { padding: 0 16px 16px; border-top: 1px solid var(--line); }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: 12px; border-radius: 6px; overflow: auto; max-height: 360px; margin: 4px 0 12px; }
table { border-collapse: collapse; width: 100%; } td { padding: 4px 12px 4px 0; vertical-align: top; }
h3 { font-size: 13px; color: var(--dim); margin: 16px 0 4px; font-weight: 600; }
@media (max-width: 760px) { body { display: block; } nav { position: static; height: auto; } }
"""


class ReferencePage(OpenAPIRenderPlugin):
    """Every operation under its subject, with an example of what is sent and of what comes back."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page of a document."""
        subjects: dict[str, list[str]] = defaultdict(list)
        for path, item in sorted(openapi_schema["paths"].items()):
            for method in _METHODS:
                if method in item:
                    subjects[item[method]["tags"][0]].append(_operation(path, method, item[method]))
        info = openapi_schema["info"]
        document = f"{escape(request.scope.get('root_path', ''))}/schema/openapi.json"
        links = "".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in subjects)
        body = "".join(
            f'<h2 id="{_anchor(name)}">{escape(name)}</h2>{"".join(found)}'
            for name, found in subjects.items()
        )
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<style>{_STYLE}</style></head><body><nav>{links}</nav><main><h1>{escape(info['title'])}</h1>"
            f'{_about(info["description"])}<p><a href="{document}">The same as an OpenAPI document</a></p>'
            f"{body}</main></body></html>"
        ).encode()


def _operation(path: str, method: str, spec: dict[str, Any]) -> str:
    parts = [f"<p>{_marked(spec.get('description', ''))}</p>", _parameters(spec.get("parameters", []))]
    for content in spec.get("requestBody", {}).get("content", {}).values():
        parts.append(f"<h3>Body</h3>{_example(content)}")
    for status, response in spec["responses"].items():
        if status.startswith("2"):
            contents = response.get("content", {}).values()
            shown = "".join(_example(content) for content in contents) or "<p>No body.</p>"
            parts.append(f"<h3>Answer {escape(status)}</h3>{shown}")
    refusals = ", ".join(status for status in spec["responses"] if status >= "4")
    parts.append(f"<h3>Refusals</h3><p>{refusals}, each a problem document.</p>")
    return (
        f'<details id="{escape(spec["operationId"])}"><summary><b>{method.upper()}</b><code>{escape(path)}</code>'
        f'<span>{escape(spec["summary"])}</span></summary><div class="inside">{"".join(parts)}</div></details>'
    )


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}"
        f"{', required' if one['required'] else ''}</td><td>{escape(one.get('description', ''))}</td></tr>"
        for one in parameters
    )
    return f"<h3>Parameters</h3><table>{rows}</table>" if rows else ""


def _example(content: dict[str, Any]) -> str:
    value = content.get("examples", {}).get("example", {}).get("value")
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


def _about(text: str) -> str:
    """The few marks of the description: a first paragraph, then a list."""
    first, _, rest = text.partition("\n\n")
    rows = "".join(
        f"<li>{_marked(line.removeprefix('- '))}</li>" for line in rest.splitlines() if line.startswith("- ")
    )
    return f'<p>{_marked(first)}</p><ul class="about">{rows}</ul>'


def _marked(text: str) -> str:
    """Text with `code` and **weight**."""
    parts = escape(text).split("`")
    coded = "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
    parts = coded.split("**")
    return "".join(f"<strong>{part}</strong>" if number % 2 else part for number, part in enumerate(parts))


def _anchor(name: str) -> str:
    return "subject-" + name.lower().replace(" ", "-")
