"""The steps of a float assignment, and proposals for queues at risk."""
