"""The OpenAPI document: what Litestar derives from the code, completed with examples, refusals and sign-in."""

import re
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    PathItem,
    Reference,
    Schema,
    SecurityScheme,
    Server,
)
from litestar.openapi.spec.enums import OpenAPIType

from api.admission import COOKIE
from api.examples import example_of
from api.problems import Problem
from api.reference import ReferencePage

ABOUT = """\
Everything that pages can do. A tenant is its subdomain: ask `https://<tenant>.<domain>/api/…`.

- **Sign-in**: a token made under Settings as `Authorization: Bearer cl_…`, or `POST /session`.
- **Errors** are `application/problem+json` (RFC 9457); `code` is permanent, `errors` names fields.
- **Lists** come in pages by key: pass `next` as `cursor`, or follow the `Link` header.
- **Records** carry an `ETag`; send it as `If-Match` with a change, and 412 tells you that somebody was faster.
- **POST** takes an `Idempotency-Key`: sent again with the same body, it is answered again and not done again.
- Money is integer cents. Times are UTC.
"""

_METHODS = ("get", "post", "put", "delete")
_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "Nobody is signed in, or the sign-in has ended.",
    "403": "Not a member of this tenant, or the roles do not allow this.",
    "404": "Not there, or not yours.",
    "409": "In a state that does not allow this, or somebody was faster.",
    "412": "The record changed since it was read.",
    "422": "The input breaks a rule; `errors` says where.",
    "500": "Something went wrong here; quote the id.",
}


def settings() -> OpenAPIConfig:
    """What the document says of the API as a whole."""
    return OpenAPIConfig(
        title="Caseload API",
        version="1",
        description=ABOUT,
        servers=[Server(url="/api")],
        path="/schema",
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        render_plugins=[ReferencePage()],
        security=[{"bearer": []}, {"cookie": []}],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", description="A token of this tenant."),
                "cookie": SecurityScheme(type="apiKey", name=COOKIE, security_scheme_in="cookie"),
            }
        ),
    )


def completed(app: Litestar) -> None:
    """Add examples to every body and answer, and the problem to every operation, before the document is served."""
    document = app.openapi_schema
    schemas = document.components.schemas if document.components else {}
    assert schemas is not None
    schemas["ProblemDetails"] = _problem_schema()  # beside the problems of a care plan
    public = {route.path for route in app.routes for handler in _handlers(route) if handler.opt.get("public")}
    for path, item in (document.paths or {}).items():
        for operation in _operations(item):
            _complete(operation, schemas, public=_litestar_path(path) in public)


def _complete(operation: Operation, schemas: dict[str, Schema], *, public: bool) -> None:
    operation.summary = (operation.operation_id or "").replace("_", " ").capitalize()
    if public:
        operation.security = [{}]
    body = operation.request_body
    contents = list(getattr(body, "content", {}).values()) if body is not None else []
    responses = operation.responses or {}
    responses.pop("400", None)
    for response in responses.values():
        contents += list((getattr(response, "content", None) or {}).values())
    for content in contents:
        content.examples = {"example": Example(value=example_of(content.schema, schemas))}
    for parameter in operation.parameters or []:
        if not isinstance(parameter, Reference) and parameter.schema is not None:
            parameter.example = example_of(parameter.schema, schemas, parameter.name)
    for status, words in _REFUSALS.items():
        responses[status] = _refusal(status, words)
    operation.responses = responses


def _refusal(status: str, words: str) -> OpenAPIResponse:
    problem = {
        "type": "urn:caseload:problem:example",
        "title": words,
        "status": int(status),
        "code": "example",
        "detail": "What to do about it.",
        "request_id": "5f0c6f5e8c1b4c0f9f6e2f0d6c1a7b3e",
        "errors": [],
    }
    content = OpenAPIMediaType(
        schema=Reference(ref="#/components/schemas/ProblemDetails"),
        examples={"example": Example(value=problem)},
    )
    return OpenAPIResponse(description=words, content={"application/problem+json": content})


def _problem_schema() -> Schema:
    text = Schema(type=OpenAPIType.STRING)
    fault = Schema(
        type=OpenAPIType.OBJECT,
        properties={"field": text, "code": text, "message": text},
        required=["field", "code", "message"],
    )
    properties: dict[str, Any] = dict.fromkeys(("type", "title", "code", "detail", "request_id"), text)
    properties |= {
        "status": Schema(type=OpenAPIType.INTEGER),
        "errors": Schema(type=OpenAPIType.ARRAY, items=fault),
    }
    return Schema(
        title="ProblemDetails", type=OpenAPIType.OBJECT, properties=properties, required=sorted(properties),
        description=Problem.__doc__,
    )  # fmt: skip


def _operations(item: PathItem) -> list[Operation]:
    return [operation for name in _METHODS if (operation := getattr(item, name)) is not None]


def _handlers(route: Any) -> list[Any]:
    return list(getattr(route, "route_handlers", []))


def _litestar_path(path: str) -> str:
    """`/people/{id}` as Litestar spells it, where the parameter carries its type."""
    return re.sub(r"\{(\w+)\}", lambda match: "{" + match[1] + ":uuid}", path)


def _operation_id(handler: HTTPRouteHandler, method: Any, components: list[Any]) -> str:
    return handler.fn.__name__
