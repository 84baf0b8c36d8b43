"""Care management by the month: time entries, the minutes that count, and the codes that they allow."""
