-- Titles and groups of columns stand above the headings of many sheets: the row that holds them is found, or said.
-- Null, of sheets from before: the first row that holds anything.
ALTER TABLE sheet_imports ADD COLUMN headings_row integer;
