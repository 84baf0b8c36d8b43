"""Payers: who pays, by which rules, and through which connection files reach them."""

from typing import Any

from domain.codes.filing import CLAIM_FILING_CODES
from domain.rules.custom_fields import Subject
from policies.permissions import Permission as P
from services.clientele import connections, payers
from services.clientele.payers import PayerFacts
from ui.clientele.records import RecordForm, RecordList
from ui.page import Event, optional_identifier, page
from ui.parts.buttons import link
from ui.parts.chips import code_text
from ui.parts.forms import check, choice, group
from ui.parts.markup import Child, Markup, a, div, small, span
from ui.parts.table import Column

_VERSIONS = tuple((one, one) for one in payers.EDI_VERSIONS)
_INSTITUTIONAL = tuple((one, one) for one in payers.INSTITUTIONAL_VERSIONS)


@page("/payers")
class Payers(RecordList):
    """The payers."""

    title = "Payers"
    nav = "clients"
    permission = P.CLIENTS_VIEW
    list_service = payers.list_payers
    one = "payer"
    searched = "Name or payer id"
    explanation = (
        "A payer needs the id under which your clearinghouse lists it, and the connection that reaches it."
    )

    def columns(self) -> list[Column[Any]]:
        return [
            Column("Payer", lambda one: a(one.name, href=self.href(one)), "clip wide"),
            Column("Payer id", lambda one: code_text(one.payer_id), "tight"),
            Column("Kind", lambda one: one.claim_filing_label, "clip optional-column"),
            Column(
                "Connection", lambda one: one.connection_name or span("the first in use", cls="faint"), "clip"
            ),
            Column("Filing limit", lambda one: _limit(one), "right"),
            Column("Appeal", lambda one: f"{one.appeal_days} d", "right optional-column"),
        ]


class PayerForm(RecordForm):
    """The form of a payer."""

    nav = "clients"
    get_service = payers.get_payer
    add_service = payers.add_payer
    change_service = payers.change_payer
    deactivate_service = payers.deactivate_payer
    reactivate_service = payers.reactivate_payer
    one = "payer"
    custom_subject = Subject.PAYER
    place = "/payers"
    id_name = "payer"
    deactivation = "No new coverages with this payer; claims under way go on."

    connections: list[tuple[str, str]] = []

    async def load_more(self) -> None:
        found = await self.read(connections.list_connections, active=True, limit=200)
        self.connections = [(str(one.id), one.name) for one in found.value.items] if found.value else []
        if self.record and self.record.connection_id and not self.connections:
            self.connections = [(str(self.record.connection_id), self.record.connection_name)]

    def fields(self) -> Child:
        text, pick = self.typed_field, self.choice_field
        kinds = [(code, f"{words} ({code})") for code, words in CLAIM_FILING_CODES.items()]
        return [
            group(
                "Payer",
                text("name", "Name", required=True, look="double", autofocus=not self.record),
                text("payer_id", "Payer id", required=True, hint="as your clearinghouse lists it"),
                pick("claim_filing_code", "Kind", kinds, "CI", required=True),
            ),
            group(
                "Exchange",
                self._connection(),
                pick("edi_version", "Professional (837P)", _VERSIONS, _VERSIONS[0][0], required=True),
                pick(
                    "institutional_version",
                    "Institutional (837I)",
                    _INSTITUTIONAL,
                    _INSTITUTIONAL[0][0],
                    required=True,
                ),
            ),
            group("Limits", *self._limits()),
        ]

    def _limits(self) -> list[Markup]:
        text, medicare = self.typed_field, bool(self.value("medicare"))
        days = {"required": True, "inputmode": "numeric"}
        return [
            text("timely_filing_days", "Timely filing", 365, hint="days from the service", **days),
            text("appeal_days", "Appeal", 180, hint="days from the decision", **days),
            div(
                check("medicare", "Medicare", medicare, hint="one calendar year to receipt instead of days"),
                cls="field",
            ),
        ]

    def _connection(self) -> Child:
        shown = choice(
            "connection_id",
            "Connection",
            self.connections,
            self.value("connection_id"),
            errors=self.errors,
            prompt="The first in use",
        )
        if self.connections or not self.may(P.CONNECTIONS_MANAGE):
            return shown
        return div(shown, small(link("Make a connection first", "/connections", look="tiny")))

    def facts(self, event: Event) -> PayerFacts:
        return PayerFacts(
            name=event.text("name"),
            payer_id=event.text("payer_id"),
            claim_filing_code=event.text("claim_filing_code"),
            edi_version=event.text("edi_version"),
            timely_filing_days=_number(event.text("timely_filing_days")),
            medicare=event.ticked("medicare"),
            appeal_days=_number(event.text("appeal_days")),
            connection_id=optional_identifier(event.text("connection_id")),
            institutional_version=event.text("institutional_version"),
            custom=self.custom_values(event),
        )


@page("/payers/new")
class NewPayer(PayerForm):
    """A new payer."""

    permission = P.CLIENTS_MANAGE


@page("/payers/{payer}")
class Payer(PayerForm):
    """One payer."""

    permission = P.CLIENTS_VIEW


def _limit(one: Any) -> str:
    return "1 year" if one.medicare else f"{one.timely_filing_days} d"


def _number(text: str) -> int:
    """A whole number; anything else becomes 0, which the service refuses at its field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
