"""Care management: enrolments, rosters, time, and the months that they make."""
