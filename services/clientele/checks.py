"""Gathers what is wrong with typed facts, field by field, and refuses them all at once."""

import re
from collections.abc import Iterable
from datetime import date

from domain.clientele import is_phone
from domain.refusals import FieldError, Invalid

OLDEST = date(1880, 1, 1)
REASON_LONGEST = 300
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,79}")


class Faults:
    """Faults of one record. `kind` names it in the refusal's code: `client.invalid`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.found: list[FieldError] = []

    def add(self, field: str, code: str, message: str) -> None:
        """Note one fault; a second one of the same field would only repeat the first."""
        if all(fault.field != field for fault in self.found):
            self.found.append(FieldError(field, code, message))

    def take(self, faults: Iterable[FieldError], prefix: str = "") -> None:
        """Take over what the domain found; an address stands flat among the facts."""
        for fault in faults:
            self.add(prefix + fault.field.removeprefix("address."), fault.code, fault.message)

    def text(self, field: str, value: str, longest: int, *, missing: str = "") -> None:
        """A text within the length that X12 carries; `missing` is what to say when it must not be empty."""
        if missing and not value:
            self.add(field, f"{field.rsplit('.', 1)[-1]}.missing", missing)
        elif len(value) > longest:
            self.add(field, "text.too_long", f"Use at most {longest} characters.")
        elif not value.isprintable():
            self.add(field, "text.unprintable", "Leave out line breaks and control characters.")

    def code(self, field: str, value: str, what: str) -> None:
        """An identifier of 2 to 80 letters, digits, dots and hyphens."""
        if not _CODE.fullmatch(value):
            self.add(
                field,
                f"{field}.characters",
                f"Enter {what}: 2 to 80 letters and digits, also dots and hyphens.",
            )

    def one_of(self, field: str, value: str, known: Iterable[str], message: str) -> None:
        """A value of a closed list."""
        if value not in known:
            self.add(field, f"{field.rsplit('.', 1)[-1]}.unknown", message)

    def phone(self, field: str, value: str) -> None:
        """A telephone number of ten digits, or none."""
        if value and not is_phone(value):
            self.add(field, "phone.invalid", "Enter the telephone number with ten digits.")

    def past(self, field: str, day: date | None, today: date, *, required: bool = False) -> None:
        """A date that is not after today and not before anybody's time."""
        if day is None:
            if required:
                self.add(field, "date.missing", "Enter the date.")
        elif not OLDEST <= day <= today:
            self.add(
                field, "date.impossible", "Enter a date that is not in the future, with four digits of year."
            )

    def refuse(self) -> None:
        """Raise `Invalid` with everything found, if anything was."""
        if self.found:
            raise Invalid(
                f"{self.kind}.invalid",
                "Some facts are not right yet.",
                "Mend the fields that are named; nothing was saved.",
                fields=tuple(self.found),
            )


def clean(text: str | None) -> str:
    """What a person typed or pasted, every run of blanks one blank."""
    return " ".join((text or "").split())


def code(text: str | None) -> str:
    """An identifier without blanks, in capitals."""
    return re.sub(r"\s", "", text or "").upper()


def number(text: str | None) -> str:
    """The digits of a number typed with hyphens, dots, brackets or blanks; anything else in it stays, to be refused."""
    return re.sub(r"[-\s().+]", "", text or "")


def phone(text: str | None) -> str:
    """The ten digits of a telephone number, without the country's 1."""
    bare = number(text)
    return bare[1:] if len(bare) == 11 and bare.startswith("1") else bare


def reason_of(text: str, field: str = "reason") -> str:
    """A reason for ending something, or `Invalid`."""
    reason = clean(text)
    faults = Faults("reason")
    faults.text(field, reason, REASON_LONGEST, missing="Say why; others will ask.")
    faults.refuse()
    return reason
