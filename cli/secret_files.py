"""Secrets made at random once and kept in files that only their owner reads."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret(file: Path, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """The secret in `file` (mode 0600), made at random the first time."""
    if not file.exists():
        write_secret(file, make(), None)
    return file.read_text(encoding="ascii").strip()


def write_secret(file: Path, text: str, user: tuple[int, int] | None) -> None:
    """Write `text` to a new file of mode 0600, whole or not at all; `user` (uid, gid) becomes its owner."""
    unfinished = file.with_name(file.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text + "\n")
    if user is not None:
        os.chown(unfinished, *user)
    unfinished.replace(file)
