-- A file's name may name a patient: it is sealed. Sheets brought before are told apart by their kind and their day.
ALTER TABLE sheet_imports ALTER COLUMN name DROP NOT NULL, ALTER COLUMN name TYPE bytea USING NULL;
