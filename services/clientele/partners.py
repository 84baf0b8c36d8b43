"""What is checked of a partner before anything is stored, and what its practice desk says, in words."""

from urllib.parse import urlsplit

from activities.ports import ports
from domain.refusals import Conflict, FieldError, Invalid, Refusal, Unavailable
from integrations.addresses import is_public
from integrations.clearinghouse import DeskError
from services.clientele.connection_facts import ConnectionFacts


def must_lead_outside(facts: ConnectionFacts) -> None:
    """In production refuse what is plainly inside, and tokens in clear; names are judged when they are called."""
    if ports().private_hosts:
        return
    host = (urlsplit(facts.base_url).hostname or "") if facts.kind == "rest" else facts.host.strip()
    inside = host.lower() in ("localhost", "") or host.lower().endswith((".localhost", ".internal", ".local"))
    if inside or ((":" in host or host.replace(".", "").isdigit()) and not is_public(host)):
        field = "base_url" if facts.kind == "rest" else "host"
        fault = FieldError(field, "host_forbidden", "Enter the partner's public host name.")
        raise Invalid(
            "connection.host_forbidden", "This host is not a public one.", fault.message, fields=(fault,)
        )
    if facts.kind == "rest" and not facts.base_url.strip().startswith("https://"):
        fault = FieldError("base_url", "base_url.in_clear", "Enter an address that begins with https://.")
        raise Invalid(
            "connection.in_clear", "The token would travel in clear.", fault.message, fields=(fault,)
        )


def desk_absent() -> Unavailable:
    """There is no practice clearinghouse to ask."""
    return Unavailable(
        "desk.absent",
        "There is no practice clearinghouse here.",
        "Add a connection by hand with what your clearinghouse gave you.",
    )


def desk_refusal(error: DeskError) -> Refusal:
    """What the practice clearinghouse's desk said, in words."""
    if error.code == "unreachable":
        return Unavailable(
            "desk.unreachable", "The practice clearinghouse does not answer.", "Try again in a minute."
        )
    return Conflict(
        f"desk.{error.code}",
        "The practice clearinghouse did not enrol us.",
        "Try again; if it stays, tell support.",
    )
