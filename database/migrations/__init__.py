"""Schema history, run by Piccolo in order of the files' names."""
