"""The programs' door: Litestar controllers that parse, call a service and answer. Everything pages can do is here."""
