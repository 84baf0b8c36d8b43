"""What an SFTP user may do: upload and read back in inbound, read, remove and put away in outbound, nothing else."""

import errno
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import paramiko
from paramiko import SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_PERMISSION_DENIED, SFTPAttributes

from sandbox.homes import ARCHIVE, INBOUND, OUTBOUND, is_final

if TYPE_CHECKING:
    from sandbox.sftp import Gate

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


class Upload(paramiko.SFTPHandle):
    """A file being written. One under its final name stays hidden until its client closes it."""

    def __init__(self, files: "HomeFiles", flags: int, written: Path, final: Path) -> None:
        super().__init__(flags)
        mode = "r+b" if written.exists() and not flags & os.O_TRUNC else "w+b"
        self.writefile = self.readfile = open(written, mode)  # noqa: SIM115 - closed by close()
        self._files, self._written, self._final = files, written, final

    def stat(self) -> SFTPAttributes:
        self.writefile.flush()
        return SFTPAttributes.from_stat(os.fstat(self.writefile.fileno()))

    def chattr(self, attr: SFTPAttributes) -> int:
        return int(SFTP_OK)

    def close(self) -> None:
        """At the end of a session open handles are closed for the client: those are not uploads."""
        if self.writefile.closed:
            return
        super().close()
        if self._written == self._final:
            return
        if self._files.ended:
            self._written.unlink()
            return
        os.replace(self._written, self._final)
        self._files.finish(self._final)


class Reading(paramiko.SFTPHandle):
    """A file being read."""

    def __init__(self, path: Path) -> None:
        super().__init__(os.O_RDONLY)
        self.readfile = open(path, "rb")  # noqa: SIM115 - closed by SFTPHandle.close

    def stat(self) -> SFTPAttributes:
        return SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


class HomeFiles(paramiko.SFTPServerInterface):
    """One user's view of the file system: a root with inbound and outbound."""

    def __init__(self, server: "Gate", *args: Any, **kwargs: Any) -> None:
        super().__init__(server, *args, **kwargs)
        self._house, self._username = server.house, server.username
        self._home = self._house.homes.home(self._username)
        self.ended = False

    def session_ended(self) -> None:
        self.ended = True

    def finish(self, path: Path) -> None:
        self._house.receive(self._username, path)

    def canonicalize(self, path: str) -> str:
        return posixpath.normpath(posixpath.join("/", path)).replace("//", "/")

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        clean = self.canonicalize(path)
        if clean not in ("/", f"/{INBOUND}", f"/{OUTBOUND}", f"/{ARCHIVE}"):
            return int(SFTP_NO_SUCH_FILE)
        found = []
        for entry in os.scandir(self._home / clean.lstrip("/")):
            if entry.name.startswith("."):
                continue
            try:
                found.append(SFTPAttributes.from_stat(entry.stat(), entry.name))
            except FileNotFoundError:
                continue  # removed by another session between listing and looking
        return found

    def stat(self, path: str) -> SFTPAttributes | int:
        clean = self.canonicalize(path)
        if clean.count("/") > 2 or clean.split("/")[1] not in ("", INBOUND, OUTBOUND, ARCHIVE):
            return int(SFTP_NO_SUCH_FILE)
        try:
            return SFTPAttributes.from_stat(os.stat(self._home / clean.lstrip("/")))
        except OSError as failure:
            return _refusal(failure)

    lstat = stat

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> paramiko.SFTPHandle | int:
        folder, target = self._place(path)
        if target is None:
            return int(SFTP_PERMISSION_DENIED)
        try:
            if not flags & _WRITING:
                return Reading(target)
            if folder != INBOUND or flags & os.O_APPEND:
                return int(SFTP_PERMISSION_DENIED)
            return self._upload(target, flags)
        except OSError as failure:
            return _refusal(failure)

    def _upload(self, target: Path, flags: int) -> paramiko.SFTPHandle | int:
        if flags & os.O_EXCL and target.exists():
            return int(SFTP_FAILURE)
        if not is_final(target.name):
            return Upload(self, flags, target, target)
        if target.exists() and not flags & os.O_TRUNC:
            return int(SFTP_PERMISSION_DENIED)
        hidden = target.with_name(f".{target.name}.{os.urandom(6).hex()}.part")
        return Upload(self, flags, hidden, target)

    def remove(self, path: str) -> int:
        """Answers may be removed once read; what was submitted stays."""
        folder, target = self._place(path)
        if target is None or (folder == INBOUND and is_final(target.name)):
            return int(SFTP_PERMISSION_DENIED)
        try:
            target.unlink()
        except OSError as failure:
            return _refusal(failure)
        return int(SFTP_OK)

    def rename(self, oldpath: str, newpath: str) -> int:
        _, target = self._place(newpath)
        if target is not None and target.exists():
            return int(SFTP_FAILURE)
        return self.posix_rename(oldpath, newpath)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """Within inbound from a temporary name only, for a submitted file does not change its name; and from outbound
        to the archive."""
        (old_folder, source), (new_folder, target) = self._place(oldpath), self._place(newpath)
        if source is not None and target is not None and (old_folder, new_folder) == (OUTBOUND, ARCHIVE):
            return self._put_away(source, target)
        if source is None or target is None or old_folder != INBOUND or new_folder != INBOUND:
            return int(SFTP_PERMISSION_DENIED)
        if is_final(source.name):
            return int(SFTP_PERMISSION_DENIED if source.exists() else SFTP_NO_SUCH_FILE)
        try:
            os.replace(source, target)
        except OSError as failure:
            return _refusal(failure)
        if is_final(target.name):
            self.finish(target)
        return int(SFTP_OK)

    def _put_away(self, source: Path, target: Path) -> int:
        try:
            os.rename(source, target)
        except OSError as failure:
            return _refusal(failure)
        return int(SFTP_OK)

    def chattr(self, path: str, attr: SFTPAttributes) -> int:
        """Clients set times and modes after a transfer; nothing here depends on them."""
        found = self.stat(path)
        return found if isinstance(found, int) else int(SFTP_OK)

    def mkdir(self, path: str, attr: SFTPAttributes) -> int:
        return int(SFTP_PERMISSION_DENIED)

    def rmdir(self, path: str) -> int:
        return int(SFTP_PERMISSION_DENIED)

    def symlink(self, target_path: str, path: str) -> int:
        return int(SFTP_PERMISSION_DENIED)

    def readlink(self, path: str) -> int:
        return int(SFTP_PERMISSION_DENIED)

    def _place(self, path: str) -> tuple[str, Path | None]:
        """Folder and file for /inbound/x, /outbound/x or /archive/x; no other path names a file."""
        pieces = self.canonicalize(path).split("/")
        if len(pieces) != 3 or pieces[1] not in (INBOUND, OUTBOUND, ARCHIVE) or "\0" in pieces[2]:
            return "", None
        return pieces[1], self._home / pieces[1] / pieces[2]


def _refusal(failure: OSError) -> int:
    if failure.errno == errno.ENOENT:
        return int(SFTP_NO_SUCH_FILE)
    return int(paramiko.SFTPServer.convert_errno(failure.errno or errno.EIO))
