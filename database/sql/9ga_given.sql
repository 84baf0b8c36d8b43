-- What holds for every row of a sheet whose cells do not say it: a practice sends its own roster without its name in it.
ALTER TABLE sheet_imports ADD COLUMN given jsonb NOT NULL DEFAULT '{}';
