"""Decision tables: what each may ask and answer, its grid, its cells, its tests and its versions."""
