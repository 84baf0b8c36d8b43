"""The beginning of the story: a tenant registers, its people sign in, and what is needed to bill is entered."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from cli.demonstration.records import npi
from cli.story.program import Json, Program
from cli.story.telling import Teller, expect, until

PASSWORD = "a lantern over the harbor"
PART = "Opening"


@dataclass(slots=True)
class Scene:
    """What the story has made so far."""

    http: httpx.AsyncClient
    port: int
    tenant_id: str = ""
    admin: Program | None = None
    programs: dict[str, Program] = field(default_factory=dict)
    client_id: str = ""
    payer_id: str = ""
    rendering_id: str = ""
    connection: dict[str, Any] = field(default_factory=dict)
    coverages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def at(self, subdomain: str, token: str = "") -> Program:
        """A program at a tenant's address; an empty subdomain is the address of nobody."""
        host = f"{subdomain}.localhost:{self.port}" if subdomain else f"localhost:{self.port}"
        return Program(self.http, host, token)

    async def signed_in(self, subdomain: str, email: str) -> Program:
        """A person's program with a fresh token."""
        return self.at(subdomain, await self.token(subdomain, email))

    async def token(self, subdomain: str, email: str) -> str:
        """The token of a fresh sign-in."""
        signed_in = await self.at(subdomain).post("session", {"email": email, "password": PASSWORD})
        return str(signed_in["token"])

    def draft(self, ending: str, lines: list[Json], **more: Json) -> Json:
        """A claim for the patient whose member id has this ending."""
        patient_id, coverage_id = self.coverages[ending]
        return {
            "client_id": self.client_id,
            "patient_id": patient_id,
            "coverage_id": coverage_id,
            "lines": lines,
            "diagnoses": ["E11.9", "I10"],
            "rendering_id": self.rendering_id,
        } | more


def line(procedure: str, cents: int, pointer: int = 1, days_ago: int = 10) -> Json:
    """A service line of one unit."""
    day = (datetime.now(UTC).date() - timedelta(days=days_ago)).isoformat()
    return {
        "procedure": procedure,
        "charge_cents": cents,
        "units": "1",
        "service_from": day,
        "service_to": day,
        "pointers": [pointer],
    }


async def tell(teller: Teller, scene: Scene) -> None:
    """From registration to a patient with a coverage."""
    await teller.tell(PART, "A tenant registers and is onboarded", lambda: _register(scene))
    await teller.tell(PART, "Its administrator signs in", lambda: _sign_in(scene))
    await teller.tell(PART, "A biller and a denial specialist join", lambda: _staff(scene))
    await teller.tell(PART, "Client, provider and payer are added", lambda: _furnish(scene))
    await teller.tell(PART, "Patients and coverages are added", lambda: _admit(scene))


async def registered(scene: Scene, company: str, subdomain: str, email: str, name: str) -> Json:
    """A tenant, onboarded; answers the registration."""
    asked = await scene.at("").post(
        "registrations",
        {
            "company": company,
            "subdomain": subdomain,
            "admin_email": email,
            "admin_name": name,
            "password": PASSWORD,
            "plan": "pro",
        },
    )

    async def look() -> Json:
        return await scene.at("").get(f"registrations/{asked['id']}")

    return await until(look, lambda seen: seen["status"] in ("ready", "failed", "refused"), "the onboarding")


async def _register(scene: Scene) -> str:
    done = await registered(scene, "Lantern Billing", "lantern", "ada@lantern.example", "Ada Lovell")
    expect(done["status"] == "ready", f"onboarding ended {done['status']}: {done['reason']}")
    scene.tenant_id = done["tenant_id"]
    steps = sum(step["state"] == "done" for step in done["steps"])
    return f"tenant {scene.tenant_id}, {steps} of {len(done['steps'])} steps done"


async def _sign_in(scene: Scene) -> str:
    scene.admin = await scene.signed_in("lantern", "ada@lantern.example")
    me = await scene.admin.get("session")
    expect(me["tenant"]["subdomain"] == "lantern", "signed in to another tenant")
    found = (await scene.admin.get("connections"))["items"]
    expect(len(found) == 1, f"{len(found)} connections instead of the first one")
    scene.connection = found[0]
    return f"{me['name']}, {len(me['permissions'])} permissions; connection {found[0]['name']!r} as {found[0]['username']}"


async def _staff(scene: Scene) -> str:
    admin = _admin(scene)
    await admin.post("roles/suggested", {"name": "Denial Specialist"})
    roles = {role["name"]: role["id"] for role in await admin.get("roles")}
    people = (("biller", "Bea Lindgren", "Biller"), ("specialist", "Dan Okoye", "Denial Specialist"))
    for key, name, role in people:
        email = f"{key}@lantern.example"
        body = {"email": email, "name": name, "role_ids": [roles[role]], "password": PASSWORD}
        await admin.post("people", body)
        scene.programs[key] = await scene.signed_in("lantern", email)
    return ", ".join(f"{name} ({role})" for _, name, role in people)


async def _furnish(scene: Scene) -> str:
    admin = _admin(scene)
    client = await admin.post("clients", _client())
    scene.client_id = client["id"]
    provider = {
        "client_id": scene.client_id,
        "last_name": "Arden",
        "first_name": "Miles",
        "npi": npi("240090012"),
        "taxonomy": "207Q00000X",
    }
    scene.rendering_id = (await admin.post("providers", provider))["id"]
    payer = await admin.post(
        "payers", {"name": "Lantern Mutual", "payer_id": "LANT1", "claim_filing_code": "CI"}
    )
    scene.payer_id = payer["id"]
    return f"{client['name']} NPI {client['npi']}, {payer['name']} ({payer['payer_id']})"


def _client() -> Json:
    return {
        "name": "Lantern Street Clinic",
        "npi": npi("240090001"),
        "tax_id": "791204490",
        "taxonomy": "207Q00000X",
        "line1": "1 Lantern Street",
        "city": "Boston",
        "state": "MA",
        "postal_code": "021081204",
        "contact_name": "Rosa Field",
        "phone": "6175550166",
    }


async def _admit(scene: Scene) -> str:
    endings = {"06": "Marlow", "08": "Teague", "42": "Hollis"}
    await asyncio.gather(*(_patient(scene, ending, name) for ending, name in endings.items()))
    return (
        ", ".join(f"member id …{ending}" for ending in endings) + " (the ending chooses the payer's answer)"
    )


async def _patient(scene: Scene, ending: str, last_name: str) -> None:
    biller = scene.programs["biller"]
    patient = await biller.post(
        "patients",
        {
            "client_id": scene.client_id,
            "last_name": last_name,
            "first_name": "Robin",
            "birth_date": "1971-03-09",
            "sex": "F",
            "line1": "7 Quay Lane",
            "city": "Boston",
            "state": "MA",
            "postal_code": "02108",
        },
    )
    coverage = {
        "patient_id": patient["id"],
        "payer_id": scene.payer_id,
        "member_id": f"LNT5500{ending}",
    }
    scene.coverages[ending] = (patient["id"], (await biller.post("coverages", coverage))["id"])


def _admin(scene: Scene) -> Program:
    assert scene.admin is not None  # signed in before anything else
    return scene.admin
