"""Folders that belong to the server's user alone. As root, PostgreSQL runs as a system user made for it."""

import hashlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

SYSTEM_USER = "caseload"
SOCKET_PATH_LIMIT = 90


class PostgresUnavailable(Exception):
    """The embedded PostgreSQL cannot be prepared; the text says what to do."""


def socket_folder(folder: Path) -> Path:
    """A place whose path fits the 107 bytes of a Unix socket address."""
    near = folder / "socket"
    if len(os.fsencode(near)) < SOCKET_PATH_LIMIT and not set('",') & set(str(near)):
        return near
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"caseload-{os.getuid()}-{mark}"


def own(folder: Path, user: tuple[int, int] | None) -> None:
    """Make `folder` for the server's user alone; refuse one that somebody else put there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    ours = {os.getuid(), user[0] if user else os.getuid()}
    if stat.S_ISLNK(found.st_mode) or found.st_uid not in ours:
        raise PostgresUnavailable(
            f"{folder} belongs to somebody else; remove it or choose another --data folder"
        )
    if user is not None:
        os.chown(folder, *user)
        open_way(folder)


def open_way(path: Path, *, readable: bool = False) -> None:
    """Let other users pass through (not list) the folders above `path`: as root we run the server as another user."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    if readable and not path.stat().st_mode & stat.S_IROTH:
        for part in (path.parent.parent, *path.parent.parent.rglob("*")):
            part.chmod(
                part.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if part.stat().st_mode & 0o100 else 0)
            )


def system_user() -> tuple[int, int]:
    """PostgreSQL refuses to run as root: (uid, gid) of the system user we make for it."""
    import pwd

    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise PostgresUnavailable(
                f"running as root needs a system user '{SYSTEM_USER}' for PostgreSQL, and useradd is missing;"
                " create that user, or run caseload as an ordinary user"
            ) from None
        arguments = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run([useradd, *arguments], check=False, capture_output=True)
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid
