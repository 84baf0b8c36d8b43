"""The users' folders on disk, and delivery into them that is never half visible and never doubled."""

import os
from pathlib import Path

from sandbox.ledger import Answer, Ledger

INBOUND, OUTBOUND, ARCHIVE = "inbound", "outbound", "archive"


def is_final(name: str) -> bool:
    """Whether a name in inbound means a finished upload."""
    return not name.startswith(".") and not name.lower().endswith((".tmp", ".part"))


class Homes:
    """DIR/homes/<username>/{inbound,outbound,archive}, with DIR/staging beside them for files on their way out."""

    def __init__(self, data: Path) -> None:
        self.root = data / "homes"
        self.staging = data / "staging"
        self.root.mkdir(parents=True, exist_ok=True)
        self.staging.mkdir(exist_ok=True)

    def home(self, username: str) -> Path:
        return self.root / username

    def make(self, username: str) -> None:
        for folder in (INBOUND, OUTBOUND, ARCHIVE):
            (self.home(username) / folder).mkdir(parents=True, exist_ok=True)

    def uploads(self, username: str) -> list[Path]:
        """Finished files in a user's inbound, oldest first."""
        folder = self.home(username) / INBOUND
        found = (
            [one for one in folder.iterdir() if one.is_file() and is_final(one.name)]
            if folder.is_dir()
            else []
        )
        return sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name))

    def deliver(self, ledger: Ledger, answers: list[Answer]) -> None:
        """Stage, note, rename, note: at every point a restart knows whether the rename happened."""
        fresh = [one for one in answers if one.state == "due"]
        for one in fresh:
            self._staged(one).write_bytes(one.body)
        if fresh:
            with ledger.transaction():
                ledger.mark_answers(fresh, "staged")
        for one in answers:
            self._publish(one)
        with ledger.transaction():
            ledger.mark_answers(answers, "delivered")

    def _staged(self, answer: Answer) -> Path:
        return self.staging / str(answer.id)

    def _publish(self, answer: Answer) -> None:
        """A staged file that is gone was renamed before a crash: its reader may have removed it since."""
        try:
            os.rename(self._staged(answer), self.home(answer.username) / OUTBOUND / answer.name)
        except FileNotFoundError:
            if answer.state == "due":
                raise
