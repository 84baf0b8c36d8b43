"""How records and pages answer: ETag and If-Match by version, Link to the next page, and bodies without unknown fields."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.params import Parameter
from litestar.response.base import ASGIResponse

from domain.paging import Page
from domain.refusals import FieldError, Invalid

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class Answer(Response[Any]):
    """Adds what follows from the content: the ETag of a record with a version, the Link of a page with a next one."""

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **how: Any) -> ASGIResponse:
        """As Litestar does, but a record that the asker has already is answered with 304 and no body."""
        tag = etag(self.content)
        if tag and self.status_code in (None, 200, 201):
            self.headers["ETag"] = tag
            if request.method == "GET" and tag in request.headers.get("If-None-Match", ""):
                return ASGIResponse(status_code=304, headers={"ETag": tag}, media_type=MediaType.JSON)
        if isinstance(self.content, Page) and self.content.next and request.method == "GET":
            self.headers["Link"] = f'<?{next_query(request, self.content.next)}>; rel="next"'
        return super().to_asgi_response(app, request, **how)


def etag(content: Any) -> str:
    """The strong ETag of a record: its version. Empty for anything without one."""
    version = getattr(content, "version", None)
    return f'"{version}"' if isinstance(version, int) else ""


def next_query(request: Request[Any, Any, Any], cursor: str) -> str:
    """The query of the next page: the same filters, another cursor."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return urlencode([*asked, ("cursor", cursor)])


async def provide_expected_version(
    if_match: Annotated[
        str | None,
        Parameter(
            header="If-Match", description="The ETag of the record as you read it; 412 when it changed since."
        ),
    ] = None,
) -> int | None:
    """The version in `If-Match`; None when the header is absent or `*`."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        fault = FieldError("If-Match", "etag.unreadable", 'Send the ETag as it was given, such as "3".')
        raise Invalid("etag.unreadable", "This is not an ETag of ours.", fault.message, fields=(fault,))
    return int(found[1])


async def refuse_unknown_fields(request: Request[Any, Any, Any]) -> None:
    """A misspelt field would be dropped silently; name it instead. Runs before the body is turned into facts."""
    parameter = request.route_handler.parsed_fn_signature.parameters.get("data")
    kind = parameter.annotation if parameter else None
    if kind is None or not is_dataclass(kind) or not await request.body():
        return
    faults = tuple(_unknown(kind, await request.json(), ""))
    if faults:
        raise Invalid(
            "request.unknown_fields",
            "The body has fields that do not exist.",
            "Mend or drop them.",
            fields=faults,
        )


def _unknown(kind: Any, value: Any, path: str) -> Iterator[FieldError]:
    """Paths of members of `value` that the type does not have. What has the wrong type altogether is told later."""
    if is_dataclass(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        known = {one.name for one in fields(kind)}
        for name in sorted(value):
            if name not in known:
                yield FieldError(f"{path}{name}"[:120], "unknown", "There is no such field.")
            else:
                yield from _unknown(hints[name], value[name], f"{path}{name}.")
    elif get_origin(kind) in (list, tuple) and isinstance(value, list):
        for number, entry in enumerate(value, 1):
            yield from _unknown(get_args(kind)[0], entry, f"{path}{number}.")
    else:
        for option in get_args(kind):
            if is_dataclass(option):
                yield from _unknown(option, value, path)
