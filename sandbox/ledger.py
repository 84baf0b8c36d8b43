"""The sandbox's memory in one SQLite file: users, uploads, claims, what providers owe, and answers due.

Every decision about an upload is committed together with its answers, so a kill at any moment loses or doubles none.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
  username TEXT PRIMARY KEY, public_key TEXT, salt BLOB, password BLOB,
  sender_id TEXT NOT NULL, receiver_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, body BLOB,
  received_at REAL NOT NULL, state TEXT NOT NULL DEFAULT 'received', UNIQUE (username, name, sha256));
CREATE INDEX IF NOT EXISTS uploads_waiting ON uploads (id) WHERE state = 'received';
CREATE TABLE IF NOT EXISTS interchanges (username TEXT, control_number TEXT, PRIMARY KEY (username, control_number));
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS claims (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, number TEXT NOT NULL, upload INTEGER NOT NULL,
  payer TEXT NOT NULL, control_number TEXT, state TEXT NOT NULL, content_key TEXT NOT NULL, scenario TEXT NOT NULL,
  resubmitted INTEGER NOT NULL DEFAULT 0, result TEXT, UNIQUE (username, number));
CREATE INDEX IF NOT EXISTS claims_control ON claims (username, payer, control_number);
CREATE INDEX IF NOT EXISTS claims_content ON claims (username, content_key) WHERE state LIKE 'rejected%';
CREATE TABLE IF NOT EXISTS owed (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, payer TEXT NOT NULL, payee TEXT NOT NULL,
  code TEXT NOT NULL, reference TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, name TEXT NOT NULL, upload INTEGER, due_at REAL NOT NULL,
  body BLOB NOT NULL, state TEXT NOT NULL DEFAULT 'due', UNIQUE (username, name));
CREATE TABLE IF NOT EXISTS tokens (digest BLOB PRIMARY KEY, username TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS answers_waiting ON answers (due_at, id) WHERE state <> 'delivered';
"""


@dataclass(frozen=True, slots=True)
class User:
    """An enrolled trading partner; the password is kept as a salted scrypt digest."""

    username: str
    public_key: str
    salt: bytes
    password: bytes
    sender_id: str
    receiver_id: str


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that a user sent, to be answered once."""

    id: int
    username: str
    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One file on its way to an outbound folder: due, then staged, then delivered."""

    id: int
    username: str
    name: str
    body: bytes
    state: str


class Ledger:
    """One connection; each thread opens its own."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")

    def prepare(self) -> None:
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
        return found

    def write(self, sql: str, *values: Any) -> int:
        """Runs one statement and says how many rows it touched."""
        return self._db.execute(sql, values).rowcount

    def next_number(self, name: str, first: int = 1) -> int:
        """The next value of a counter that never repeats."""
        found = self.row(
            "INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
            name,
            first,
        )
        assert found is not None
        return int(found[0])

    def user(self, username: str) -> User | None:
        found = self.row("SELECT * FROM users WHERE username = ?", username)
        return (
            User(found[0], found[1] or "", found[2] or b"", found[3] or b"", found[4], found[5])
            if found
            else None
        )

    def usernames(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT username FROM users ORDER BY username")]

    def add_user(self, user: User) -> None:
        self.write(
            "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)",
            user.username,
            user.public_key,
            user.salt,
            user.password,
            user.sender_id,
            user.receiver_id,
        )

    def register_upload(self, username: str, name: str, sha256: str, body: bytes, now: float) -> bool:
        """Notes a file once; the same name with the same content again is the same file."""
        return bool(
            self.write(
                "INSERT INTO uploads (username, name, sha256, body, received_at) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                username,
                name,
                sha256,
                body,
                now,
            )
        )

    def next_upload(self) -> Upload | None:
        found = self.row(
            "SELECT id, username, name, body FROM uploads WHERE state = 'received' ORDER BY id LIMIT 1"
        )
        return Upload(*found) if found else None

    def close_upload(self, upload: int, state: str) -> None:
        self.write("UPDATE uploads SET state = ?, body = NULL WHERE id = ?", state, upload)

    def add_answer(self, username: str, name: str, upload: int | None, due_at: float, body: bytes) -> None:
        self.write(
            "INSERT INTO answers (username, name, upload, due_at, body) VALUES (?, ?, ?, ?, ?)",
            username,
            name,
            upload,
            due_at,
            body,
        )

    def answers_waiting(self, now: float) -> list[Answer]:
        """Answers due by now, and those that a crash left between staging and delivery."""
        found = self.rows(
            "SELECT id, username, name, body, state FROM answers WHERE state <> 'delivered' AND due_at <= ? "
            "ORDER BY due_at, id LIMIT 50",
            now,
        )
        return [Answer(*row) for row in found]

    def next_due(self) -> float | None:
        found = self.row("SELECT min(due_at) FROM answers WHERE state <> 'delivered'")
        return found[0] if found else None

    def mark_answers(self, answers: list[Answer], state: str) -> None:
        self._db.executemany(
            "UPDATE answers SET state = ? WHERE id = ?", [(state, one.id) for one in answers]
        )
