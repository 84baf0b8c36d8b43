"""Pages of files and batches, with the X12 viewer."""
