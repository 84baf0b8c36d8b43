"""The navigation: an entry for each job that a person does, with what waits there."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.tenancy import Actor
from policies.permissions import Permission as P
from services.insight.overview import NavigationCounts
from ui.parts.icons import icon
from ui.parts.markup import Child, Markup, a, li, nav, span, ul
from ui.start import OVERVIEW, overview_of


@dataclass(frozen=True, slots=True)
class Job:
    """One entry of the navigation: shown to those who hold any of its permissions."""

    key: str
    words: str
    href: str
    icon: str
    permissions: tuple[P, ...]
    count: Callable[[NavigationCounts], int] | None = None
    count_words: str = ""
    # Left out while there is nothing in it: a billing company's people need no entry for care.
    wanted: Callable[[NavigationCounts], bool] | None = None
    # Where those go who may not open `href`, by what they may.
    otherwise: tuple[tuple[P, str], ...] = ()
    # Without this right too there is nothing to see behind the entry.
    beside: P | None = None

    def place(self, actor: Actor) -> str:
        """Where the entry leads for this person."""
        if not self.permissions or actor.may(self.permissions[0]):
            return self.href
        return next((href for permission, href in self.otherwise if actor.may(permission)), self.href)


JOBS = (
    Job("overview", "Overview", OVERVIEW, "overview", ()),
    Job("work", "My work", "/work", "work", (P.WORK_VIEW,), lambda c: c.mine, "items in your hands"),
    Job(
        "operations",
        "Operations",
        "/operations",
        "operations",
        (P.WORK_ASSIGN,),
    ),
    Job("claims", "Claims", "/claims", "claims", (P.CLAIMS_VIEW,), lambda c: c.held, "claims held"),
    Job(
        "remittances",
        "Remittances",
        "/remittances",
        "remittances",
        (P.REMITTANCES_VIEW,),
        lambda c: c.quarantined,
        "in quarantine",
    ),
    Job("deposits", "Deposits", "/deposits", "deposits", (P.DEPOSITS_VIEW,)),
    Job("balances", "Patient balances", "/balances", "balances", (P.BALANCES_VIEW,)),
    Job("denials", "Denials", "/denials", "denials", (P.CLAIMS_VIEW,)),
    Job("files", "Files", "/files", "files", (P.EDI_VIEW,), lambda c: c.rejected_files, "rejected files"),
    Job("submissions", "Submissions", "/submissions", "submissions", (P.CLAIMS_VIEW,)),
    Job("patients", "Patients", "/patients", "patients", (P.PATIENTS_VIEW,)),
    Job(
        "care",
        "Care",
        "/care",
        "care",
        (P.CARE_VIEW, P.CARE_BILLING, P.INVOICES_VIEW),
        wanted=lambda c: c.in_care > 0 or c.kind == "care",
        otherwise=((P.CARE_BILLING, "/care/months"), (P.INVOICES_VIEW, "/care/invoices")),
    ),
    Job("clients", "Clients & payers", "/clients", "clients", (P.CLIENTS_VIEW,)),
    Job("insight", "Insight", "/insight/payers", "insight", (P.REPORTS_VIEW_ALL,), beside=P.CLAIMS_VIEW),
    Job("enrolments", "Enrolments", "/enrolments", "enrolments", (P.ENROLMENTS_VIEW,)),
    Job("quality", "Quality", "/quality", "quality", (P.CLAIMS_VIEW,)),
    Job(
        "team",
        "Team",
        "/team",
        "team",
        (P.WORKFORCE_VIEW, P.USERS_MANAGE),
        otherwise=((P.USERS_MANAGE, "/people"),),
    ),
    Job("rules", "Rules", "/rules", "rules", (P.RULES_VIEW,)),
    Job(
        "settings",
        "Settings",
        "/settings",
        "settings",
        (P.CONNECTIONS_VIEW, P.ROLES_MANAGE, P.TOKENS_MANAGE, P.AUDIT_VIEW),
    ),
)


# What a company that coordinates care does first; the other jobs follow in their usual order.
_CARE_FIRST = ("overview", "work", "care", "patients", "clients", "team", "operations")


def jobs_of(kind: str) -> tuple[Job, ...]:
    """The navigation of a kind of company."""
    if kind != "care":
        return JOBS
    first = sorted(
        (job for job in JOBS if job.key in _CARE_FIRST), key=lambda job: _CARE_FIRST.index(job.key)
    )
    return (*first, *(job for job in JOBS if job.key not in _CARE_FIRST))


def side(actor: Actor, counts: NavigationCounts | None, here: str) -> Markup:
    """The navigation as this person sees it; `here` is the job of the page that is open."""
    known = jobs_of(counts.kind if counts else "billing")
    jobs = [_entry(job, actor, counts, here) for job in known if _open_to(actor, job, counts)]
    return nav(ul(jobs), _checklist(actor, here), cls="side", aria_label="Main")


def _open_to(actor: Actor, job: Job, counts: NavigationCounts | None) -> bool:
    if job.wanted and counts and actor.may(P.CLAIMS_VIEW) and not job.wanted(counts):
        return False
    if job.href == OVERVIEW and not overview_of(actor):
        return False
    if job.beside and not actor.may(job.beside):
        return False
    return not job.permissions or any(actor.may(permission) for permission in job.permissions)


def _entry(job: Job, actor: Actor, counts: NavigationCounts | None, here: str) -> Markup:
    count = job.count(counts) if job.count and counts else 0
    most = counts.most if counts else 0
    figure = span(f"{most}+" if count > most else str(count), cls="count", title=f"{count} {job.count_words}")
    words = (icon(job.icon), span(job.words, cls="words"), count > 0 and figure)
    href = overview_of(actor) if job.href == OVERVIEW else job.place(actor)
    return li(a(*words, href=href, aria_current="page" if job.key == here else None, title=job.words))


def _checklist(actor: Actor, here: str) -> Child:
    if not actor.may(P.CONNECTIONS_MANAGE):
        return None
    words = (icon("checklist"), span("Getting started", cls="words"))
    current = "page" if here == "checklist" else None
    return ul(li(a(*words, href="/checklist", aria_current=current, title="Getting started")), cls="low")
