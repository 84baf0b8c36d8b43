"""Patients. Reading any of them is audited."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get, post, put

from api.bodies import Reason
from domain.paging import Page
from domain.tenancy import Actor
from services.clientele import coverages, patients
from services.clientele.coverages import CoverageView
from services.clientele.patient_rows import PatientFacts, PatientView


@dataclass(frozen=True, slots=True)
class PatientSearch:
    """`text` finds beginnings of names, a birth date, or a number."""

    text: str
    client_id: UUID | None = None
    active: bool | None = None
    cursor: str | None = None
    limit: int = 50


class Patients(Controller):
    """Patients. Reading any of them is audited."""

    path = "/patients"
    tags = ("Patients",)

    @get("/")
    async def list_patients(
        self,
        actor: Actor,
        active: bool | None = None,
        client_id: UUID | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[PatientView]:
        """Patients by name, of one client or of all."""
        return await patients.list_patients(actor, "", cursor, limit, active, client_id)

    @post("/")
    async def add_patient(
        self, actor: Actor, data: PatientFacts, even_if_similar: bool = False
    ) -> PatientView:
        """Add a patient; 409 when somebody like them is there, unless `even_if_similar`."""
        return await patients.add_patient(actor, data, even_if_similar=even_if_similar)

    @get("/{patient_id:uuid}")
    async def get_patient(self, actor: Actor, patient_id: UUID) -> PatientView:
        """One of them; its ETag is its version."""
        return await patients.get_patient(actor, patient_id)

    @put("/{patient_id:uuid}")
    async def change_patient(
        self,
        actor: Actor,
        patient_id: UUID,
        data: PatientFacts,
        expected_version: int | None,
        even_if_similar: bool = False,
    ) -> PatientView:
        """Replace a patient's facts."""
        return await patients.change_patient(
            actor, patient_id, data, expected_version, even_if_similar=even_if_similar
        )

    @post("/{patient_id:uuid}/deactivate", status_code=200)
    async def deactivate_patient(
        self, actor: Actor, patient_id: UUID, data: Reason, expected_version: int | None
    ) -> PatientView:
        """Take a patient out of use."""
        return await patients.deactivate_patient(actor, patient_id, data.reason, expected_version)

    @post("/{patient_id:uuid}/reactivate", status_code=200)
    async def reactivate_patient(
        self, actor: Actor, patient_id: UUID, expected_version: int | None
    ) -> PatientView:
        """Take it back into use."""
        return await patients.reactivate_patient(actor, patient_id, expected_version)

    @post("/search", status_code=200)
    async def search_patients(self, actor: Actor, data: PatientSearch) -> Page[PatientView]:
        """Patients by words. A POST, so that names stay out of addresses and logs."""
        return await patients.list_patients(
            actor, data.text, data.cursor, data.limit, data.active, data.client_id
        )

    @get("/{patient_id:uuid}/coverages")
    async def list_coverages(
        self,
        actor: Actor,
        patient_id: UUID,
        active: bool | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CoverageView]:
        """A patient's coverages, primary first."""
        return await coverages.list_coverages(actor, patient_id, cursor, limit, active)
