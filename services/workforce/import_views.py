"""What an import of employees shows: the same as every other sheet."""

from services.sheets.views import CellFault
from services.sheets.views import SheetLine as EmployeeFileLine
from services.sheets.views import SheetRowView as EmployeeFileRow
from services.sheets.views import SheetView as EmployeeFileView

__all__ = ["CellFault", "EmployeeFileLine", "EmployeeFileRow", "EmployeeFileView"]
