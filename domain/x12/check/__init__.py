"""What is wrong with an X12 file and where: envelope, structure, guide and money, as findings with permanent rule ids."""

from domain.x12.check.entry import check
from domain.x12.check.findings import Finding

__all__ = ["Finding", "check"]
