"""What an audit asks about a claim: weighted questions, their answers, and the findings behind a `not met`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.quality.accuracy import Counted
from domain.refusals import FieldError, Invalid

MOST_QUESTIONS = 60
LONGEST_QUESTION = 200
LONGEST_TEXT = 2_000
MOST_CENTS = 10**10


class Category(StrEnum):
    """What a question or an error is about. Values are stored: never rename one."""

    CODING = "coding"
    CLAIM = "claim"
    FINANCIAL = "financial"


class Severity(StrEnum):
    """How bad a finding is. An observation is told, and counts nowhere."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class Answer(StrEnum):
    """An answer to a question."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


CATEGORY_WORDS = {
    Category.CODING: "Coding",
    Category.CLAIM: "Claim",
    Category.FINANCIAL: "Financial",
}
SEVERITY_WORDS = {
    Severity.CRITICAL: ("Critical", "bad"),
    Severity.MAJOR: ("Major", "bad"),
    Severity.MINOR: ("Minor", "warn"),
    Severity.OBSERVATION: ("Observation", "neutral"),
}
ANSWER_WORDS = {Answer.MET: "Met", Answer.NOT_MET: "Not met", Answer.NOT_APPLICABLE: "N/A"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `weight` 1 to 10 says how much it counts in the score, `severity` how bad it usually is when not met."""

    key: str
    text: str
    category: Category
    weight: int = 1
    severity: Severity = Severity.MINOR


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What is wrong with a claim. `field` names the place as the claim spells it (`lines.1.procedure`); `cents` is
    the money that it moves, 0 where it moves none."""

    category: Category
    severity: Severity
    field: str
    description: str
    corrective_action: str = ""
    cents: int = 0
    question: str = ""


DEFAULT: tuple[Question, ...] = (
    Question("diagnoses", "The diagnoses are supported and as specific as the record.", Category.CODING, 3),
    Question("procedures", "Every procedure code is the service that was given.", Category.CODING, 3),
    Question("modifiers", "Modifiers are right and needed.", Category.CODING, 2),
    Question("units", "Units and dates of service are right.", Category.CODING, 2),
    Question("parties", "Patient, coverage and providers are the right ones.", Category.CLAIM, 2),
    Question("edits", "Holds and rejections were answered as the rules say.", Category.CLAIM, 1),
    Question("timely", "The claim went out in time.", Category.CLAIM, 1),
    Question("charges", "Charges follow the fee schedule.", Category.FINANCIAL, 3),
)
"""In force while a tenant has set no checklist of its own."""


def checked(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions of a checklist, or the refusal that says what is wrong with them."""
    faults = []
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        faults.append(
            FieldError("questions", "questions.count", f"Ask between 1 and {MOST_QUESTIONS} questions.")
        )
    if len({one.key for one in questions}) != len(questions):
        faults.append(FieldError("questions", "questions.twice", "Give every question a key of its own."))
    for number, one in enumerate(questions, 1):
        if not one.key.replace("_", "").isalnum() or len(one.key) > 40:
            faults.append(_fault(number, "key", "Use letters, digits and underscores, at most 40."))
        if not 1 <= len(one.text.strip()) <= LONGEST_QUESTION or "\0" in one.text:
            faults.append(_fault(number, "text", f"Write 1 to {LONGEST_QUESTION} characters."))
        if not 1 <= one.weight <= 10:
            faults.append(_fault(number, "weight", "Choose a weight from 1 to 10."))
    if faults:
        raise Invalid(
            "checklist.unusable",
            "The checklist cannot be kept so.",
            "Mend what is marked.",
            fields=tuple(faults),
        )
    return tuple(questions)


def question_from(stored: Mapping[str, Any]) -> Question:
    """A question as it was stored; those of before severities have the usual one."""
    severity = Severity(stored.get("severity", Severity.MINOR))
    return Question(stored["key"], stored["text"], Category(stored["category"]), stored["weight"], severity)


def stored_question(one: Question) -> dict[str, Any]:
    """A question as it is stored."""
    return {
        "key": one.key,
        "text": one.text,
        "category": one.category.value,
        "weight": one.weight,
        "severity": one.severity.value,
    }


def checked_review(
    questions: Sequence[Question], answers: Mapping[str, str], findings: Sequence[FindingFacts]
) -> None:
    """Refuse a review that leaves a question open, or a `not met` without the finding that says what is wrong."""
    faults = []
    known = {answer.value for answer in Answer}
    told = {one.question for one in findings}
    for question in questions:
        answer = answers.get(question.key, "")
        if answer not in known:
            faults.append(FieldError(f"answers.{question.key}", "answer.missing", "Answer this question."))
        elif answer == Answer.NOT_MET and question.key not in told:
            faults.append(
                FieldError(
                    f"answers.{question.key}", "finding.missing", "Add the finding that says what is wrong."
                )
            )
    faults += [fault for number, one in enumerate(findings, 1) for fault in _wrong(number, one, questions)]
    if faults:
        raise Invalid(
            "review.incomplete", "The review is not complete.", "Mend what is marked.", fields=tuple(faults)
        )


def score(questions: Sequence[Question], answers: Mapping[str, str]) -> tuple[int, int]:
    """The weights met and the weights that applied: kept apart, so that scores can be pooled."""
    met = sum(one.weight for one in questions if answers.get(one.key) == Answer.MET)
    missed = sum(one.weight for one in questions if answers.get(one.key) == Answer.NOT_MET)
    return met, met + missed


def counted(codes: int, charge_cents: int, findings: Collection[tuple[str, str, str, int]]) -> Counted:
    """What a reviewed claim adds to the accuracies. A finding is (category, severity, field, cents).

    Several findings about one code are one wrong code; wrong money is never more than the claim's charge.
    """
    real = [one for one in findings if one[1] != Severity.OBSERVATION]
    wrong_codes = {one[2] for one in real if one[0] == Category.CODING}
    cents = sum(abs(one[3]) for one in real)
    return Counted(
        1, 1 if real else 0, codes, min(codes, len(wrong_codes)), charge_cents, min(charge_cents, cents)
    )


def _fault(number: int, name: str, words: str) -> FieldError:
    return FieldError(f"questions.{number}.{name}", f"{name}.unusable", words)


def _wrong(number: int, one: FindingFacts, questions: Sequence[Question]) -> list[FieldError]:
    faults = []
    if not 1 <= len(one.description.strip()) <= LONGEST_TEXT or "\0" in one.description:
        faults.append(
            (f"findings.{number}.description", f"Say in 1 to {LONGEST_TEXT} characters what is wrong.")
        )
    if len(one.corrective_action) > LONGEST_TEXT or "\0" in one.corrective_action:
        faults.append((f"findings.{number}.corrective_action", f"Write at most {LONGEST_TEXT} characters."))
    if len(one.field) > 80 or "\0" in one.field:
        faults.append((f"findings.{number}.field", "Name the field in at most 80 characters."))
    if abs(one.cents) > MOST_CENTS:
        faults.append((f"findings.{number}.cents", "Enter the money that this moves."))
    if one.question and one.question not in {question.key for question in questions}:
        faults.append((f"findings.{number}.question", "Choose a question of the checklist."))
    return [FieldError(where, "finding.unusable", words) for where, words in faults]
