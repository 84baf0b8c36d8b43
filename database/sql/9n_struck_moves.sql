-- What managers have struck out of a reckoning of rosters, until it is proposed: it is long, and more than one looks at it.
ALTER TABLE care_optimisations ADD COLUMN struck uuid[] NOT NULL DEFAULT '{}'; -- enrolments
