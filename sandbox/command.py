"""The command line: `serve` runs the clearinghouse, `scenarios` prints what it can do."""

import fcntl
import json
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Annotated, TextIO

import typer

from sandbox.clearinghouse import Clearinghouse
from sandbox.desk import Addresses, Desk, DeskServer
from sandbox.intake import Delays
from sandbox.rest import RestFace
from sandbox.scenarios import print_table
from sandbox.sftp import Listener, host_key, public_line

app = typer.Typer(help="A practice clearinghouse on a real SFTP server.", no_args_is_help=True)


@app.command()
def scenarios() -> None:
    """Prints which member id brings which answer."""
    print_table()


@app.command()
def serve(
    data: Annotated[Path, typer.Option(help="Folder for everything that is remembered.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    sftp_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
    control_port: Annotated[int, typer.Option(help="0 takes a free port.")] = 0,
    delay_999: Annotated[float, typer.Option("--delay-999", min=0, help="Seconds before the 999.")] = 0.0,
    delay_277: Annotated[float, typer.Option("--delay-277", min=0, help="Seconds before each 277CA.")] = 0.0,
    delay_835: Annotated[float, typer.Option("--delay-835", min=0, help="Seconds before the 835.")] = 0.0,
    ready_file: Annotated[Path | None, typer.Option(help="Written as JSON when ready.")] = None,
) -> None:
    """Serves until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    data.mkdir(parents=True, exist_ok=True)
    lock = _only_one(data)
    house = Clearinghouse(data, Delays(delay_999, delay_277, delay_835))
    key = host_key(data)
    listener = Listener(house, host, sftp_port, key)
    desk = DeskServer(
        Desk(house, Addresses(host, listener.port, public_line(key))), RestFace(house), host, control_port
    )
    ended = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: ended.set())
    house.start()
    listener.start()
    desk.start()
    told = {
        "sftp_port": listener.port,
        "control_port": desk.port,
        "host_key": public_line(key),
        "pid": os.getpid(),
    }
    _announce(ready_file, told)
    ended.wait()
    desk.stop()
    listener.stop()
    house.stop()
    lock.close()


def _only_one(data: Path) -> TextIO:
    """Two servers on one folder would answer twice; the lock ends with the process, however it ends."""
    lock = open(data / "lock", "w")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        typer.echo(f"Another sandbox serves {data}. Stop it or give another --data.", err=True)
        raise typer.Exit(3) from None
    return lock


def _announce(ready_file: Path | None, told: dict[str, object]) -> None:
    text = json.dumps(told)
    typer.echo(text)
    if ready_file:
        fresh = ready_file.with_name(f".{ready_file.name}.{os.getpid()}")
        fresh.write_text(text)
        os.replace(fresh, ready_file)
