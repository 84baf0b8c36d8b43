"""Bodies that several areas ask for."""

from dataclasses import dataclass

from litestar.datastructures import UploadFile

from domain.refusals import FieldError, Invalid


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in a few words without names of patients: it is kept in the history."""

    reason: str


def file_in(data: object) -> UploadFile:
    """The file of an upload; refused by name when the form's part is a text, which the framework hands on as it is."""
    if isinstance(data, UploadFile):
        return data
    words = "Send it as a part of multipart/form-data, with its name."
    fault = FieldError("data", "request.file_missing", words)
    raise Invalid("request.file_missing", "The form holds no file.", words, fields=(fault,))
