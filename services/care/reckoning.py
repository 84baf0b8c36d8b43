"""Months as the minute engine sees them; the one way to it lies below, where the month-end needs it too."""

from activities.care.reckoning import MonthKey, month_at, reckoned

__all__ = ["MonthKey", "month_at", "reckoned"]
