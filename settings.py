"""Everything that can be configured, read from `CASELOAD_*` environment variables once by the command line."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

PREFIX = "CASELOAD_"
ROOT = Path(__file__).resolve().parent


class SettingsError(Exception):
    """A setting is missing or unreadable; the text names the variable and what it must look like."""


def setting(default: Any, meaning: str, *, secret: bool = False) -> Any:
    """One setting: its default and the sentence that `caseload settings` prints for it."""
    return field(default=default, metadata={"meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, with the defaults of a single machine. Field `x_y` is read from `CASELOAD_X_Y`."""

    database_url: str = setting(
        "", "PostgreSQL URL of the role the program runs as; it owns nothing", secret=True
    )
    owner_database_url: str = setting(
        "", "PostgreSQL URL of the owner; only `caseload migrate` uses it", secret=True
    )
    database_pool_size: int = setting(10, "Most database connections one process opens")
    temporal_address: str = setting("127.0.0.1:7233", "host:port of the Temporal frontend")
    temporal_namespace: str = setting("default", "Temporal namespace that holds every workflow")
    temporal_ui_url: str = setting(
        "", "Address of the Temporal web UI, linked from the pages of platform staff"
    )
    temporal_tls: bool = setting(False, "Speak TLS to Temporal (true or false)")
    temporal_api_key: str = setting("", "API key for Temporal Cloud", secret=True)
    worker_activities: int = setting(40, "Activities one worker runs at the same time per task queue")
    master_key: str = setting(
        "", "32 bytes in base64 that wrap the key of each tenant; or use MASTER_KEY_FILE", secret=True
    )
    master_key_file: Path | None = setting(None, "File that holds the master key in base64")
    data: Path = setting(
        ROOT / ".caseload", "Folder of the embedded servers, their logs and generated secrets"
    )
    host: str = setting("127.0.0.1", "Address that `web`, `api` and `ui` listen on")
    port: int = setting(8000, "Port that `web`, `api` and `ui` listen on; `up` takes the next free one")
    base_domain: str = setting("localhost", "Domain whose subdomains are the tenants")
    public_scheme: str = setting("http", "Scheme people use: http, or https behind a proxy")
    public_port: int = setting(
        0, "Port people use when it differs from PORT, as behind a proxy; 0 means PORT"
    )
    sandbox_control_url: str = setting(
        "", "Control address of the practice clearinghouse; empty when there is none"
    )
    private_hosts: bool = setting(
        True, "Connections may lead to private and loopback addresses (false in production)"
    )
    poll_seconds: float = setting(300.0, "Seconds between two looks into a connection's mailbox")
    batch_seconds: float = setting(60.0, "Seconds that ready claims are gathered before a batch is sent")
    attachment_megabytes: int = setting(20, "Largest file that people may attach, in megabytes (50 at most)")
    smtp_url: str = setting(
        "",
        "Mail server for daily e-mails, smtp://user:password@host:587 or smtps://…; empty: files in DATA",
        secret=True,
    )
    mail_sender: str = setting("caseload@localhost", "Address that daily e-mails come from")
    session_idle_minutes: int = setting(30, "Minutes without a request after which a person is signed out")
    session_hours: int = setting(12, "Hours after which a person signs in again however busy")
    audit_anchor_file: Path | None = setting(
        None, "File outside the database that receives the seals of the audit chain"
    )
    log_level: str = setting("INFO", "Least severe log event written: DEBUG, INFO, WARNING or ERROR")
    log_format: str = setting("text", "Log format: text for people, json for machines")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read every `CASELOAD_*` variable; an empty one counts as absent. Raises SettingsError naming the variable."""
        environment = os.environ if environment is None else environment
        given = {f.name: environment.get(variable(f.name), "").strip() for f in fields(cls)}
        return cls(**{name: _parse(name, text) for name, text in given.items() if text})

    @property
    def public_port_in_use(self) -> int:
        """The port that belongs into links."""
        return self.public_port or self.port

    def master_key_text(self) -> str:
        """The master key in base64, from the variable or else the file; SettingsError when neither is there."""
        if self.master_key:
            return self.master_key
        if self.master_key_file is None:
            raise SettingsError(
                "CASELOAD_MASTER_KEY or CASELOAD_MASTER_KEY_FILE must be set: 32 random bytes in base64"
            )
        try:
            return self.master_key_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise SettingsError(
                f"CASELOAD_MASTER_KEY_FILE: {self.master_key_file} cannot be read ({error.strerror})"
            ) from error

    def required(self, name: str) -> str:
        """The text of setting `name`, or a SettingsError that says which variable is missing."""
        value = str(getattr(self, name) or "")
        if not value:
            raise SettingsError(f"{variable(name)} is not set: {meaning(name)}")
        return value


def variable(name: str) -> str:
    """Environment variable of a setting."""
    return PREFIX + name.upper()


def meaning(name: str) -> str:
    """The sentence that explains a setting."""
    return next(str(f.metadata["meaning"]) for f in fields(Settings) if f.name == name)


def table(current: Settings) -> list[tuple[str, str, str, str]]:
    """(variable, default, current value, meaning) of every setting; secrets show only whether they are set."""
    return [
        (
            variable(f.name),
            _shown(f.default),
            _current(f, getattr(current, f.name)),
            str(f.metadata["meaning"]),
        )
        for f in fields(Settings)
    ]


def _current(one: Any, value: Any) -> str:
    if one.metadata["secret"]:
        return "(set)" if value else ""
    return _shown(value)


def _shown(value: Any) -> str:
    if value is None or value is MISSING:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parse(name: str, text: str) -> Any:
    kind: Any = next(f.type for f in fields(Settings) if f.name == name)
    try:
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if kind in (int, float):
            return kind(text)
    except (KeyError, ValueError) as error:
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}[kind]
        raise SettingsError(f"{variable(name)} must be {wanted}") from error
    return Path(text) if kind == Path or kind == (Path | None) else text
