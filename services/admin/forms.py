"""Master data as its forms show it: the tables of `database.clientele` without tenant, version, times and secrets.

What is not a column here cannot be read, filtered, ordered by or written through the admin. The tenant is filled in by
the database, the version by the gate.
"""

from enum import Enum
from typing import Any, cast

from piccolo.columns import UUID, BigInt, Boolean, Date, ForeignKey, Integer, Text, Varchar
from piccolo.columns.readable import Readable
from piccolo.table import Table

from database.engine import ENGINE
from database.identity import time_ordered_id
from domain.codes.filing import CLAIM_FILING_CODES
from domain.codes.postal import STATES

_REASON = "Needed when it is taken out of use."


def _choices(name: str, codes: dict[str, str]) -> type[Enum]:
    """An enumeration that Piccolo shows as a list to choose from: words shown, codes stored."""
    make: Any = Enum
    return cast(type[Enum], make(name, {words: code for code, words in codes.items()}))


class ConnectionForm(Table, tablename="connections", db=ENGINE):
    """`public_key` is made with the row and given to the partner; the private key never comes here."""

    id = UUID(primary_key=True, default=time_ordered_id)
    name = Varchar(required=True)
    host = Varchar(required=True)
    port = Integer(default=22, required=True)
    username = Varchar(required=True)
    host_key = Text(required=True, help_text="The partner's public host key: its type and the key.")
    public_key = Text(default="", help_text="Made by the product; give it to the partner.")
    sender_id = Varchar(required=True, help_text="Who we are in ISA06.")
    receiver_id = Varchar(required=True, help_text="Who the partner is in ISA08.")
    inbound_folder = Varchar(default="inbound", help_text="The partner's folder that we upload to.")
    outbound_folder = Varchar(default="outbound", help_text="The partner's folder that we read from.")
    usage_indicator = Varchar(default="T", choices=_choices("Usage", {"T": "Test", "P": "Production"}))
    active = Boolean(default=True)
    inactive_reason = Varchar(default="", help_text=_REASON)

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s", columns=[cls.name])


class ClientForm(Table, tablename="clients", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Varchar(required=True, help_text="The legal name, as it stands in loop 2010AA.")
    npi = Varchar(required=True, help_text="Ten digits.")
    tax_id = Varchar(required=True, help_text="The EIN: nine digits.")
    taxonomy = Varchar(required=True, help_text="Ten characters, ending in X.")
    line1 = Varchar(required=True, help_text="A street; no PO box.")
    line2 = Varchar(default="")
    city = Varchar(required=True)
    state = Varchar(required=True, choices=_choices("State", STATES))
    postal_code = Varchar(required=True, help_text="Nine digits.")
    contact_name = Varchar(default="")
    phone = Varchar(default="", help_text="Ten digits.")
    active = Boolean(default=True)
    inactive_reason = Varchar(default="", help_text=_REASON)

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s", columns=[cls.name])


class ProviderForm(Table, tablename="providers", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    client_id = ForeignKey(ClientForm, null=False, required=True)
    last_name = Varchar(required=True)
    first_name = Varchar(required=True)
    npi = Varchar(required=True, help_text="Ten digits.")
    taxonomy = Varchar(default="", help_text="Ten characters, ending in X.")
    active = Boolean(default=True)
    inactive_reason = Varchar(default="", help_text=_REASON)

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s, %s", columns=[cls.last_name, cls.first_name])


class PayerForm(Table, tablename="payers", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Varchar(required=True)
    payer_id = Varchar(required=True, help_text="The number that your clearinghouse lists.")
    claim_filing_code = Varchar(default="CI", choices=_choices("Filing", CLAIM_FILING_CODES))
    edi_version = Varchar(default="005010X222A1", help_text="GS08 and ST03 of the 837P.")
    institutional_version = Varchar(default="005010X223A2", help_text="GS08 and ST03 of the 837I.")
    timely_filing_days = Integer(default=365)
    medicare = Boolean(default=False, help_text="Counts one calendar year to receipt.")
    appeal_days = Integer(default=180)
    connection_id = ForeignKey(ConnectionForm, null=True, default=None)
    active = Boolean(default=True)
    inactive_reason = Varchar(default="", help_text=_REASON)

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s", columns=[cls.name])


class FeeScheduleForm(Table, tablename="fee_schedules", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    name = Varchar(required=True)
    effective_from = Date(required=True)
    payer_id = ForeignKey(PayerForm, null=True, default=None, help_text="Empty: for all payers.")
    active = Boolean(default=True)
    inactive_reason = Varchar(default="", help_text=_REASON)

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s", columns=[cls.name])


class FeeScheduleLineForm(Table, tablename="fee_schedule_lines", db=ENGINE):
    id = UUID(primary_key=True, default=time_ordered_id)
    fee_schedule_id = ForeignKey(FeeScheduleForm, null=False, required=True)
    procedure = Varchar(required=True, help_text="A CPT or HCPCS code.")
    modifier = Varchar(default="")
    amount_cents = BigInt(required=True, help_text="In cents: 12500 is $125.00.")

    @classmethod
    def get_readable(cls) -> Readable:
        return Readable(template="%s %s", columns=[cls.procedure, cls.modifier])
