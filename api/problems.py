"""Every error as problem+json (RFC 9457): one place where a refusal becomes an HTTP answer."""

import logging
import re
import traceback
from dataclasses import dataclass, field
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException

from api.requests import request_id
from domain.refusals import FieldError, Refusal, Unavailable

log = logging.getLogger("caseload.api")

_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field, by its dotted path; rows count from 1, as people count them."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong (RFC 9457). `code` is permanent; `detail` says what to do; `errors` names fields."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[Fault] = field(default_factory=list)


# What Litestar itself refuses, before any of our code: code, title, and what to do.
_REFUSED_EARLY: dict[int, tuple[str, str, str]] = {
    400: ("request.malformed", "The request cannot be read.", "Send well-formed JSON in UTF-8."),
    401: ("sign_in.required", "Nobody is signed in.", "Sign in and try again."),
    403: ("not_allowed", "This is not allowed.", "Ask an administrator of your tenant."),
    404: ("route.unknown", "There is nothing at this address.", "See /api/schema for every address."),
    405: (
        "method.unknown",
        "This address does not answer to this method.",
        "See /api/schema for its methods.",
    ),
    413: ("request.too_large", "The request is too large.", "Send less at once."),
    415: ("media_type.unknown", "This media type is not understood here.", "Send application/json."),
    429: ("too_many", "Too many requests.", "Wait a little and try again."),
}


def handlers() -> dict[Any, Any]:
    """The exception handlers of the application."""
    return {
        Refusal: lambda request, error: answer(request, error),
        ValidationException: lambda request, error: answer(request, _invalid(error)),
        SerializationException: lambda request, error: _early(request, HTTPException(status_code=400)),
        RecursionError: lambda request, error: _early(request, HTTPException(status_code=400)),
        HTTPException: _early,
        RuntimeError: _formless,
        OSError: _unavailable,
        Exception: _unexpected,
    }


def answer(
    request: Request[Any, Any, Any], refusal: Refusal, headers: dict[str, str] | None = None
) -> Response[Problem]:
    """The answer to a named refusal."""
    problem = Problem(
        type=f"urn:caseload:problem:{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.what_to_do or refusal.title,
        request_id=request_id(request.scope),
        errors=[Fault(fault.field, fault.code, fault.message) for fault in refusal.fields],
    )
    more = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "5"}}.get(refusal.status, {})
    return Response(
        problem,
        status_code=refusal.status,
        media_type=MediaType.JSON,
        headers={"Content-Type": "application/problem+json", **more, **(headers or {})},
    )


def _early(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    status = error.status_code
    if status >= 500:
        return _unexpected(request, error)
    code, title, what_to_do = _REFUSED_EARLY.get(status, _REFUSED_EARLY[400])
    refusal = Refusal(code, title, what_to_do)
    refusal.status = status
    return answer(request, refusal, dict(error.headers or {}))


def _formless(request: Request[Any, Any, Any], error: RuntimeError) -> Response[Problem]:
    """An upload whose form holds no file: the framework takes the first one without looking whether there is one."""
    place = traceback.extract_tb(error.__traceback__)[-1].filename
    if isinstance(error.__cause__, StopIteration) and place.endswith("litestar/_kwargs/extractors.py"):
        words = "Send it as a part of multipart/form-data, with its name."
        return answer(request, Refusal("request.file_missing", "The form holds no file.", words))
    return _unexpected(request, error)


def _invalid(error: ValidationException) -> Refusal:
    """A body, query or header of the wrong shape, told like a refusal of the domain: 422 with paths of fields."""
    extra = error.extra if isinstance(error.extra, list) else []
    faults = tuple(_fault(entry) for entry in extra if isinstance(entry, dict))
    refusal = Refusal(
        "request.invalid",
        "The request does not have the right shape.",
        "Mend the fields named.",
        fields=faults,
    )
    refusal.status = 422
    return refusal


def _fault(entry: dict[str, Any]) -> FieldError:
    path = _INDEX.sub(lambda match: f".{int(match[1]) + 1}", str(entry.get("key", "")))
    message = str(entry.get("message", "")).replace("`", "")
    if path in ("", "data"):
        missing = message == "'data'"
        return FieldError("", "shape", "Send a body as application/json." if missing else message)
    return FieldError(path, "shape", message)


def _unavailable(request: Request[Any, Any, Any], error: OSError) -> Response[Problem]:
    log.warning(
        "request %s met a part that does not answer: %s", request_id(request.scope), type(error).__name__
    )
    refusal = Unavailable(
        "part.unavailable",
        "A part of the platform does not answer just now.",
        "Nothing was lost; try again soon.",
    )
    return answer(request, refusal, {"Retry-After": "5"})


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Only the error's kind and place are logged: its text may carry what was typed."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("request %s failed: %s\n%s", request_id(request.scope), type(error).__name__, frames)
    refusal = Refusal(
        "server.unexpected",
        "Something went wrong here.",
        f"Nothing was changed. Try again, or quote the id {request_id(request.scope)}.",
    )
    refusal.status = 500
    return answer(request, refusal)
