"""Facts that every check accepts, and records made from them through the front door."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.clientele.clients import ClientFacts
from services.clientele.coverages import CoverageFacts
from services.clientele.patients import PatientFacts
from services.clientele.payers import PayerFacts
from services.clientele.providers import ProviderFacts


class Facts:
    """Good facts to start from; `replace` one field to spoil it."""

    client = ClientFacts(
        name="Hill Family Practice",
        npi="1234567893",
        tax_id="12-3456789",
        taxonomy="207Q00000X",
        line1="12 Hill Road",
        city="Dayton",
        state="oh",
        postal_code="45402-1234",
        contact_name="Ann Hill",
        phone="(937) 555-0100",
    )
    payer = PayerFacts(name="Practice Mutual", payer_id="PM001")
    patient = PatientFacts(
        client_id=UUID(int=0),
        last_name="Ångström-Reyes",
        first_name="Zoë",
        birth_date=date(1950, 1, 31),
        sex="F",
        line1="7 Oak Street",
        city="Dayton",
        state="OH",
        postal_code="45402",
        phone="937-555-0101",
    )

    def provider(self, client_id: UUID) -> ProviderFacts:
        return ProviderFacts(client_id, "Hill", "Ann", "1987654328", "207Q00000X")

    def patient_of(self, client_id: UUID) -> PatientFacts:
        return replace(self.patient, client_id=client_id)

    def coverage(self, patient_id: UUID, payer_id: UUID) -> CoverageFacts:
        return CoverageFacts(patient_id, payer_id, member_id="abc 123-45")


@pytest.fixture
def facts() -> Facts:
    """Good facts."""
    return Facts()
