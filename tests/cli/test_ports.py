"""A busy port moves to the next free one, and last time's port is kept."""

import socket
from pathlib import Path

from cli.ports import PortBook, any_free, next_free


def test_a_busy_port_moves_to_the_next_free_one() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        busy = holder.getsockname()[1]
        assert next_free(busy) > busy


def test_last_times_port_is_kept(tmp_path: Path) -> None:
    first = PortBook(tmp_path / "ports.json", any_port=True)
    port = first.choose("sftp", 2222)
    first.save()
    assert PortBook(tmp_path / "ports.json", any_port=True).choose("sftp", 2222) == port


def test_two_servers_never_get_the_same_port(tmp_path: Path) -> None:
    book = PortBook(tmp_path / "ports.json")
    free = any_free()
    assert book.choose("one", free) != book.choose("two", free)


def test_an_unreadable_port_book_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{broken")
    assert PortBook(tmp_path / "ports.json", any_port=True).choose("web", 8000) > 0
