"""The SFTP server: host key, listener, authentication; one thread per connection, one home per user."""

import base64
import contextlib
import logging
import os
import socket
import threading
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.clearinghouse import Clearinghouse
from sandbox.files import HomeFiles
from sandbox.partners import key_holds, password_holds

log = logging.getLogger("sandbox")


def host_key(data: Path) -> paramiko.PKey:
    """The server's Ed25519 key, made at the first start and kept."""
    path = data / "host_key"
    if not path.exists():
        text = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(text)
        os.replace(fresh, path)
    return paramiko.Ed25519Key.from_private_key_file(str(path))


def public_line(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.get_base64()}"


class Gate(paramiko.ServerInterface):
    """Who may come in, and only for SFTP."""

    def __init__(self, house: Clearinghouse) -> None:
        self.house = house
        self.username = ""

    def get_allowed_auths(self, username: str) -> str:
        return "publickey,password"

    def check_auth_password(self, username: str, password: str) -> int:
        ledger = self.house.open_ledger()
        try:
            user = ledger.user(username)
            return self._admit(username, user is not None and password_holds(user, password))
        finally:
            ledger.close()

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        ledger = self.house.open_ledger()
        try:
            user = ledger.user(username)
            blob = base64.b64encode(key.asbytes()).decode()
            return self._admit(username, user is not None and key_holds(user, blob))
        finally:
            ledger.close()

    def _admit(self, username: str, holds: bool) -> int:
        if not holds:
            return int(paramiko.AUTH_FAILED)
        self.username = username
        return int(paramiko.AUTH_SUCCESSFUL)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        if kind == "session":
            return int(paramiko.OPEN_SUCCEEDED)
        return int(paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED)


class Listener:
    """Accepts connections until it is stopped."""

    def __init__(self, house: Clearinghouse, host: str, port: int, key: paramiko.PKey) -> None:
        self._house, self._key = house, key
        self._socket = socket.create_server((host, port), backlog=100)
        self.port: int = self._socket.getsockname()[1]
        self._open: set[paramiko.Transport] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._accept, name="sftp", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):  # some systems wake accept() by close alone and refuse shutdown
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            still = list(self._open)
        for transport in still:
            transport.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # the listening socket was closed: we are stopping
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        transport = paramiko.Transport(connection)
        transport.add_server_key(self._key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, HomeFiles)
        with self._lock:
            self._open.add(transport)
        try:
            transport.start_server(server=Gate(self._house))
            transport.join()
        except (paramiko.SSHException, EOFError, OSError) as failure:
            log.info("connection ended before it was an SFTP session: %s", type(failure).__name__)
        finally:
            transport.close()
            with self._lock:
                self._open.discard(transport)
