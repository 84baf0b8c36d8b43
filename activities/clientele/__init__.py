"""What the processes of the clientele do: enrolments with payers, and trials of connections."""
