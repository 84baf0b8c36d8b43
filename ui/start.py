"""Where a person's day begins, by what they may do: the same product opens at another page for each job."""

from domain.tenancy import Actor
from policies.permissions import Permission as P

OVERVIEW = "/"
# What somebody may and what they may not, and where they start; the first that fits. Whoever may do everything starts at
# the overview.
_STARTS = (
    (P.CARE_MANAGE, P.CLAIMS_VIEW, "/care/team"),
    (P.CARE_VIEW, P.CLAIMS_VIEW, "/care"),
    (P.CARE_BILLING, P.CARE_VIEW, "/care/months"),
)


def start_of(actor: Actor) -> str:
    """The page that opens after signing in."""
    for may, may_not, href in _STARTS:
        if actor.may(may) and not actor.may(may_not):
            return href
    return OVERVIEW


def overview_of(actor: Actor) -> str:
    """The address of the overview itself, for those whose day begins elsewhere too; empty where it shows them nothing."""
    if start_of(actor) == OVERVIEW:
        return OVERVIEW
    return f"{OVERVIEW}?show=overview" if actor.may(P.CLAIMS_VIEW) else ""
