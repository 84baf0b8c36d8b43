"""The two working threads: one answers uploads in order, one delivers answers when they are due."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.envelope import read_interchanges
from sandbox.homes import Homes
from sandbox.intake import Delays, Intake
from sandbox.ledger import Answer, Ledger, Upload
from sandbox.syntax.judge import judge_group

log = logging.getLogger("sandbox")


class Clearinghouse:
    """Takes finished uploads in, answers each once, and puts the answers where their readers look."""

    def __init__(self, data: Path, delays: Delays) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.homes = Homes(data)
        self.delays = delays
        self._path = data / "sandbox.sqlite"
        self._received, self._due, self._stop = threading.Event(), threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []
        ledger = self.open_ledger()
        ledger.prepare()
        ledger.close()

    def open_ledger(self) -> Ledger:
        """A connection for the calling thread, which closes it."""
        return Ledger(self._path)

    def start(self) -> None:
        """Takes in what a crash left behind, then works."""
        ledger = self.open_ledger()
        for username in ledger.usernames():
            self.homes.make(username)
            for path in self.homes.uploads(username):
                self._register(ledger, username, path)
        ledger.close()
        for target in (self._answer_uploads, self._deliver_answers):
            thread = threading.Thread(target=self._guarded, args=(target,), name=target.__name__.strip("_"))
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()
        self._received.set()
        self._due.set()
        for thread in self._threads:
            thread.join()

    def receive(self, username: str, path: Path) -> None:
        """Called when an upload got its final name; what it says is kept before this returns."""
        ledger = self.open_ledger()
        try:
            self._register(ledger, username, path)
        finally:
            ledger.close()
        self._received.set()

    def answer_queued(self) -> None:
        """Called when an answer was put into the ledger from elsewhere."""
        self._due.set()

    def _register(self, ledger: Ledger, username: str, path: Path) -> None:
        body = path.read_bytes()
        ledger.register_upload(username, path.name, hashlib.sha256(body).hexdigest(), body, time.time())

    def _guarded(self, work: Callable[[Ledger], None]) -> None:
        ledger = self.open_ledger()
        try:
            work(ledger)
        finally:
            ledger.close()

    def _answer_uploads(self, ledger: Ledger) -> None:
        while not self._stop.is_set():
            self._received.clear()
            upload = ledger.next_upload()
            if upload is None:
                self._received.wait()
                continue
            try:
                self._answer(ledger, upload)
            except Exception:
                # One file that we cannot answer must not hold up the next one; its state says so.
                log.exception("upload %s of %s could not be answered", upload.id, upload.username)
                ledger.close_upload(upload.id, "failed")
            self._due.set()

    def _answer(self, ledger: Ledger, upload: Upload) -> None:
        found = read_interchanges(upload.body)
        judged = [[judge_group(g, one.delimiters.component) for g in one.groups] for one in found]
        user = ledger.user(upload.username)
        assert user is not None, "only an enrolled user can upload"
        now = time.time()
        with ledger.transaction():
            for one, groups in zip(found, judged, strict=True):
                Intake(ledger, user, upload, now, self.delays, one, groups).answer()
            ledger.close_upload(upload.id, "answered")

    def _deliver_answers(self, ledger: Ledger) -> None:
        while not self._stop.is_set():
            self._due.clear()
            waiting = ledger.answers_waiting(time.time())
            if waiting:
                self._deliver(ledger, waiting)
                continue
            due = ledger.next_due()
            self._due.wait(None if due is None else max(0.0, due - time.time()))

    def _deliver(self, ledger: Ledger, waiting: list[Answer]) -> None:
        try:
            self.homes.deliver(ledger, waiting)
        except OSError:
            # A full disk or a folder that was removed: the answers stay due and are tried again.
            log.exception("%s answers could not be delivered yet", len(waiting))
            self._stop.wait(1.0)
