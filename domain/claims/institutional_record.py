"""The code lists of an institutional claim as one document of plain values, and back: how a version is stored."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.claims.institutional import (
    InpatientProcedure,
    InstitutionalDiagnosis,
    InstitutionalFacts,
    OccurrenceCode,
    OccurrenceSpan,
    ValueCode,
)

_TEXTS = ("admission_hour", "discharge_hour", "admission_type", "admission_source", "admitting")
_CODES = ("reasons_for_visit", "conditions")
_DIAGNOSES = ("external_causes", "other_diagnoses")


def record_of(facts: InstitutionalFacts) -> dict[str, Any]:
    """What has no column of its own, as JSON: dates in ISO form, amounts as text. Lines and practitioners are rows."""
    record: dict[str, Any] = {name: getattr(facts, name) for name in _TEXTS}
    record.update({name: list(getattr(facts, name)) for name in _CODES})
    for name in _DIAGNOSES:
        record[name] = [_diagnosis(one) for one in getattr(facts, name)]
    record["principal"] = _diagnosis(facts.principal) if facts.principal else None
    record["principal_procedure"] = (
        _procedure(facts.principal_procedure) if facts.principal_procedure else None
    )
    record["other_procedures"] = [_procedure(one) for one in facts.other_procedures]
    record["occurrence_spans"] = [
        [one.code, one.first.isoformat(), one.last.isoformat()] for one in facts.occurrence_spans
    ]
    record["occurrences"] = [[one.code, one.day.isoformat()] for one in facts.occurrences]
    record["values"] = [[one.code, str(one.amount)] for one in facts.values]
    return record


def with_record(facts: InstitutionalFacts, record: dict[str, Any]) -> InstitutionalFacts:
    """The facts with what `record_of` wrote."""
    principal, procedure = record.get("principal"), record.get("principal_procedure")
    alike: dict[str, Any] = {name: record.get(name, "") for name in _TEXTS}
    alike.update({name: tuple(record.get(name, ())) for name in _CODES})
    for name in _DIAGNOSES:
        alike[name] = tuple(InstitutionalDiagnosis(*one) for one in record.get(name, ()))
    return replace(
        facts,
        **alike,
        principal=InstitutionalDiagnosis(*principal) if principal else None,
        principal_procedure=_performed(procedure) if procedure else None,
        other_procedures=tuple(_performed(one) for one in record.get("other_procedures", ())),
        occurrence_spans=tuple(
            OccurrenceSpan(code, date.fromisoformat(first), date.fromisoformat(last))
            for code, first, last in record.get("occurrence_spans", ())
        ),
        occurrences=tuple(
            OccurrenceCode(code, date.fromisoformat(day)) for code, day in record.get("occurrences", ())
        ),
        values=tuple(ValueCode(code, Decimal(amount)) for code, amount in record.get("values", ())),
    )


def _diagnosis(one: InstitutionalDiagnosis) -> list[str]:
    return [one.code, one.present_on_admission]


def _procedure(one: InpatientProcedure) -> list[str]:
    return [one.code, one.performed.isoformat()]


def _performed(one: list[str]) -> InpatientProcedure:
    return InpatientProcedure(one[0], date.fromisoformat(one[1]))
