"""The forms and fields of a demo company: a form for calls about claims without an answer, and fields of its own."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.demonstration.masters import House
from domain.rules.custom_fields import Subject
from domain.rules.fields import FieldType
from services.claims import catalogue
from services.clientele import clients
from services.rules import custom_fields, custom_values, forms
from services.rules.custom_fields import CustomFieldFacts, NewCustomField
from services.rules.form_views import FormFacts

CALL: dict[str, Any] = {
    "title": "Call to the payer",
    "description": "Ask for the claim by its number; write down what they say.",
    "properties": {
        "spoke_on": {"type": "string", "format": "date", "title": "Spoke on"},
        "reference": {"type": "string", "title": "Their call reference", "maxLength": 40, "pattern": "^[A-Za-z0-9-]+$",
                      "description": "letters, digits and hyphens"},
        "said": {"type": "string", "enum": ["Not on file", "In process", "Paid", "Denied"], "title": "They said"},
        "promised": {"type": "integer", "format": "cents", "minimum": 0, "title": "Promised"},
        "days": {"type": "integer", "minimum": 0, "maximum": 120, "unit": "days", "title": "Expected within"},
        "notes": {"type": "string", "maxLength": 1000, "title": "In their words"},
    },
    "required": ["reference", "said"],
}  # fmt: skip
APPEAL: dict[str, Any] = {
    "title": "Before we appeal",
    "properties": {
        "records": {"type": "boolean", "title": "The records are complete"},
        "argument": {"type": "string", "maxLength": 400, "title": "What we argue"},
    },
    "required": ["argument"],
}
FIELDS = (
    (Subject.CLAIM, "visit_setting", CustomFieldFacts("Visit setting", FieldType.CHOICE, choices=["In person", "Video", "Phone"])),
    (Subject.CLIENT, "region", CustomFieldFacts("Region", FieldType.CHOICE, choices=["Coast", "Hills", "Valley"])),
    (Subject.CLIENT, "contract", CustomFieldFacts("Contract number", FieldType.TEXT, "as on the signed agreement")),
    (Subject.PATIENT, "language", CustomFieldFacts("Speaks", FieldType.TEXT, phi=True)),
)  # fmt: skip
_SETTINGS = ("In person", "Video", "Phone", "In person", "In person")


async def write_forms(house: House) -> bool:
    """Write the forms and the fields and fill some; False when that was done before."""
    admin = await house.admin()
    if await custom_fields.list_custom_fields(admin):
        return False
    for subject, code, facts in FIELDS:
        await custom_fields.add_custom_field(admin, NewCustomField(subject, code, facts))
    for number, client in enumerate((await clients.list_clients(admin, limit=3)).items):
        region = ("Coast", "Hills", "Valley")[number]
        values = {"region": region, "contract": f"SOW-{2024 + number}-{number + 1:02d}"}
        await custom_values.set_values(admin, Subject.CLIENT, client.id, values)
    for number, claim in enumerate((await catalogue.list_claims(admin, limit=20)).items):
        setting = _SETTINGS[number % len(_SETTINGS)]
        await custom_values.set_values(admin, Subject.CLAIM, claim.id, {"visit_setting": setting})
    call = await forms.attach_form(admin, FormFacts("silence", CALL))
    today = datetime.now(ZoneInfo(admin.time_zone)).date()
    await forms.publish_form(admin, call.id, today, "Every call is worth a line that others can read.")
    await forms.attach_form(admin, FormFacts("denial", APPEAL, "appeal"))
    return True
