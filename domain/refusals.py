"""Named refusals: what the product says when it will not do something, and what the asker can do about it.

Every refusal that may reach a person or a program is one of these; `status` is the HTTP answer it maps to.
Texts never carry PHI: they name fields and rules, not values.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field. `field` is a dotted path as the API spells it, such as `lines.2.procedure`."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """A named refusal. `code` is permanent and machine-readable, `title` a sentence, `what_to_do` the way out."""

    status = 400

    def __init__(
        self, code: str, title: str, what_to_do: str = "", *, fields: tuple[FieldError, ...] = ()
    ) -> None:
        super().__init__(f"{code}: {title}")
        self.code = code
        self.title = title
        self.what_to_do = what_to_do
        self.fields = fields


class NotSignedIn(Refusal):
    """401: nobody is signed in, or the session has ended."""

    status = 401


class NotAMember(Refusal):
    """403: signed in, but without a membership in this tenant."""

    status = 403


class NotFound(Refusal):
    """404: not there, or not the asker's. The two are told alike on purpose."""

    status = 404


class NotAllowed(Refusal):
    """403: the asker's roles do not hold the permission."""

    status = 403


class Conflict(Refusal):
    """409: the thing is in a state that does not allow this, or somebody was faster."""

    status = 409


class Stale(Refusal):
    """412: the record changed since the asker read it (ETag)."""

    status = 412


class Invalid(Refusal):
    """422: the input breaks a rule; `fields` says where."""

    status = 422


class TooMany(Refusal):
    """429: a limit is used up, for now."""

    status = 429


class Unavailable(Refusal):
    """503: a part that is needed does not answer; nothing was changed, or the decision is kept and delivered later."""

    status = 503
