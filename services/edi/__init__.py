"""The exchange as people see it: files, batches, and the schedules of the pollers."""
