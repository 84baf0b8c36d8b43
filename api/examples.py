"""Examples for the OpenAPI document, by the names of fields: realistic, and about nobody."""

from typing import Any

_ID = "01a2006a-5c1e-7d3b-9a44-2f8e6c0b7d15"
_AT = "2026-11-20T14:30:00Z"

# What a field of this name holds in an example. Numbers that carry check digits are valid ones.
BY_NAME: dict[str, Any] = {
    "admission_hour": "0830",
    "admission_source": "1",
    "admission_type": "1",
    "amount": "12.50",
    "by": "kind",
    "discharge_hour": "1400",
    "drg": "",
    "facility_code": "13",
    "frequency": "1",
    "note": "Records follow by post.",
    "patient_status": "01",
    "present_on_admission": "Y",
    "revenue_code": "0300",
    "unit": "UN",
    "accident": "",
    "accident_state": "",
    "account_number": "P-1042",
    "actions": ["take"],
    "admin_email": "ada@northbilling.example",
    "admin_name": "Ada Reyes",
    "amount_cents": 12500,
    "birth_date": "1961-04-12",
    "charge_cents": 12500,
    "city": "Springfield",
    "claim_filing_code": "CI",
    "claim_number": "K7M2QX9RT4",
    "code": "E11.9",
    "comment": "Called the payer; reference 88210.",
    "company": "North Billing",
    "contact_name": "Ben Ortiz",
    "choices": ["North", "South"],
    "cursor": None,
    "custom": {"region": "North"},
    "days": 90,
    "data": {"patient": "Alvarez"},
    "decision": "recheck",
    "detail": {"codes": ["CO-45"]},
    "fields": {"patient": "Alvarez"},
    "description": "Type 2 diabetes mellitus without complications",
    "diagnoses": ["E119"],
    "direction": "out",
    "edi_version": "005010X222A1",
    "event": "begun",
    "email": "ada@northbilling.example",
    "first_name": "Maria",
    "form": "claim/new",
    "gender": "F",
    "group_number": "GRP-77",
    "if_match": '"3"',
    "If-Match": '"3"',
    "Idempotency-Key": "5b2f6f6e-0c55-4b8e-9d5f-31c1d8b0a6c7",
    "institutional_version": "005010X223A2",
    "job_title": "Biller",
    "key": "client",
    "kind": "hold",
    "kind_label": "Hold",
    "kinds": ["hold"],
    "last_name": "Alvarez",
    "limit": 50,
    "line1": "120 Main Street",
    "line2": "",
    "mapping": {"date": 0, "amount": 1, "trace": 2},
    "matches": {},
    "member_id": "W123456789",
    "method": "check",
    "minimum_cents": 500,
    "cycle_days": 30,
    "most_statements": 3,
    "small_balance_cents": 999,
    "due_days": 21,
    "claims": {},
    "days_without_money": 10,
    "days_without_remittance": 5,
    "received_on": "2026-11-02",
    "statement_on": None,
    "modifiers": ["25"],
    "name": "North Family Clinic",
    "next": None,
    "npi": "1234567893",
    "answer": "999",
    "partner": "payer",
    "partner_id": _ID,
    "payer_id": _ID,
    "password": "a sentence that only I know",
    "permissions": ["claims.view", "work.view"],
    "phone": "5550100199",
    "place_of_service": "11",
    "plan": "pro",
    "pointers": [1],
    "postal_code": "627010000",
    "present": "a sentence that only I know",
    "new": "another sentence that only I know",
    "prior_authorization": "",
    "priority": 2,
    "quiet": "hours",
    "quiet_from": "18:00",
    "quiet_to": "08:00",
    "procedure": "99213",
    "rank": "P",
    "reason": "Waiting for the referral.",
    "reference": "C-1001",
    "referring_name": "",
    "referring_npi": "",
    "relationship": "18",
    "rendering_npi": "1234567893",
    "schema": {
        "type": "object",
        "title": "Call to the payer",
        "properties": {"reference": {"type": "string", "title": "Reference", "maxLength": 40}},
        "required": ["reference"],
        "additionalProperties": False,
    },
    "scope": "available",
    "seconds": {"999": 86400},
    "sex": "F",
    "signer": "client",
    "state": "IL",
    "status": "active",
    "statuses": ["held"],
    "subdomain": "north",
    "subject_type": "claim",
    "tax_id": "371234567",
    "taxonomy": "207Q00000X",
    "text": "",
    "time_zone": "America/New_York",
    "title": "C-1001 held: 2 findings",
    "table": "denial_playbooks",
    "token": "shown once",
    "tone": "warn",
    "transaction": "837P",
    "units": "1",
    "week": ["09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-17:00", "09:00-12:00", "", ""],
    "within_seconds": 7200,
    "year": 2027,
    "zone": "America/Chicago",
    "returns_on": "2026-12-04",
    "until": "2026-12-01T09:00:00Z",
    "user_id": _ID,
    "version": 3,
    "process_kind": "claim",
    "process_state": "running",
    "process_id": _ID,
    "process": "Claim",
    "incident_state": "open",
    "incident_code": "unreachable",
    "incident_id": _ID,
    "incident_ids": [_ID],
    "mend_href": f"/connections/{_ID}",
    "diagram": 'flowchart TD\n  sent["Sent"]:::current',
    "answers": {"diagnoses": "met"},
    "audit_claim_id": _ID,
    "ends_at": "2026-12-04T22:00:00Z",
    "free_hours": 8,
    "level": 3,
    "show": "current",
    "starts_at": "2026-12-01T14:00:00Z",
    "category": "coding",
    "effective_from": "2026-11-03",
    "due_at": "2026-12-01T17:00:00Z",
    "due_seconds": 57600,
    "escalate_seconds": 28800,
    "start_seconds": 14400,
    "warn_percent": 75,
    "feedback": "Careful work; mind the units.",
    "months": 12,
    "rate_percent": None,
    "severity": "minor",
    "target_percent": 95,
    "withdrawn_finding_ids": [_ID],
    "argument": "The visit note documents the reason for the service.",
    "attachments": ["Visit note"],
    "channel": "certified mail",
    "outcome": "reached",
    "clock": "",
    "what": "monthly_call",
    "details": "Ask about the new inhaler.",
    "due_on": "2026-12-01",
    "programme": "ccm",
    "span": "week",
    "on": "2026-11-03",
    "class_code": "authorization",
    "table_code": "denial_playbooks",
    "inputs": ["denial_class", "amount_cents"],
    "outputs": ["priority"],
    "hit": "first",
    "when": {"denial_class": "coding", "amount_cents": "> $500"},
    "then": {"priority": "2"},
    "expected": [{"priority": "2"}],
    "facts": {"denial_class": "coding", "amount_cents": "$750"},
    "group_code": "CO",
    "letter": "To {{payer_name}}: please review {{claim_number}}.",
    "reason_code": "197",
    "remark_code": "N290",
    "route": "appeal",
    "stage": "sent",
    "why": "HbA1c rose; the dose was changed.",
    "tracking": "9400 1118 9956 0000 0000 00",
}
_BY_FORMAT = {
    "uuid": _ID,
    "date": "2026-11-03",
    "date-time": _AT,
    "binary": "ISA*00*…",
}
# A day and a moment of one name are told apart.
_LENGTHS = {"date": 10, "date-time": 20}
# References and choices count too; a schema that contains itself ends here.
DEEPEST = 12
_BY_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 1, "boolean": True, "null": None}


def example_of(schema: Any, schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """An example of a schema: by the field's name where one is known, else by format and type."""
    if schema is None or depth > DEEPEST:
        return None
    ref = getattr(schema, "ref", None)
    if ref:
        return example_of(schemas.get(ref.rsplit("/", 1)[-1]), schemas, name, depth + 1)
    kind = _kind(schema)
    if kind == "object" and not schema.properties and name in BY_NAME:
        return BY_NAME[name]
    if kind == "object":
        properties = schema.properties or {}
        return {key: example_of(value, schemas, key, depth + 1) for key, value in properties.items()}
    if schema.one_of or schema.any_of:
        return _first(schema.one_of or schema.any_of, schemas, name, depth)
    if schema.format and schema.format.value == "uuid":
        return _ID
    if schema.format and schema.format.value in _LENGTHS:
        value = str(BY_NAME.get(name, ""))
        return value if len(value) == _LENGTHS[schema.format.value] else _BY_FORMAT[schema.format.value]
    if name in BY_NAME and _fits(BY_NAME[name], kind):
        return BY_NAME[name]
    if schema.enum:
        return next(iter(schema.enum))
    if kind == "array":
        return [example_of(schema.items, schemas, name.removesuffix("s"), depth + 1)]
    if schema.format and schema.format.value in _BY_FORMAT:
        return _BY_FORMAT[schema.format.value]
    return _BY_TYPE.get(kind)


def _first(options: Any, schemas: dict[str, Any], name: str, depth: int) -> Any:
    """The first option that is not null: an example that shows nothing teaches nothing."""
    shown = [option for option in options if _kind(option) != "null"]
    return example_of(shown[0], schemas, name, depth + 1) if shown else None


def _kind(schema: Any) -> str:
    kind = getattr(schema, "type", None)
    if isinstance(kind, list):
        kind = next((one for one in kind if one.value != "null"), kind[0])
    if kind is not None:
        return str(kind.value)
    return "object" if getattr(schema, "properties", None) else ""


def _fits(value: Any, kind: str) -> bool:
    fitting: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
    }
    return value is None or kind not in fitting or isinstance(value, fitting[kind])
