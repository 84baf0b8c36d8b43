"""A person's browser without a window: asks for pages over HTTP and speaks to an open one over its socket."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import socketio

ANSWER_SECONDS = 15


@dataclass
class Shown:
    """An answer as a person would read it: what the page's regions hold is text here, not JSON inside HTML."""

    status: int
    location: str
    kind: str
    text: str
    regions: dict[str, str] = field(default_factory=dict)


class Browser:
    """One person at one tenant's address."""

    def __init__(self, address: str, subdomain: str, token: str = "") -> None:
        self.host = f"{subdomain}.localhost" if subdomain else "localhost"
        cookies = {"caseload_session": token} if token else {}
        self._address = address
        headers = {"host": f"{self.host}:{address.rsplit(':', 1)[1]}"}
        self.http = httpx.AsyncClient(
            base_url=address, headers=headers, cookies=cookies, timeout=ANSWER_SECONDS
        )
        self._tabs: list[Tab] = []

    async def get(self, path: str) -> Shown:
        """A page or a download; redirects are not followed."""
        return _shown(await self.http.get(path))

    async def post(self, path: str, **sent: Any) -> Shown:
        """A form."""
        return _shown(await self.http.post(path, **sent))

    async def open(self, path: str) -> "Tab":
        """A page with its socket, as in a tab."""
        answer = await self.http.get(path)
        tab = Tab(_shown(answer), answer.text)
        await tab.connect(self._address, self.http.headers["host"])
        self._tabs.append(tab)
        return tab

    @asynccontextmanager
    async def opened(self, path: str) -> AsyncIterator["Tab"]:
        """A page with its socket, closed afterwards: one that stays open loads anew with every change of its tenant."""
        tab = await self.open(path)
        yield tab
        self._tabs.remove(tab)
        await tab.close()

    async def close(self) -> None:
        """Close every tab."""
        for tab in self._tabs:
            await tab.close()
        await self.http.aclose()


class Tab:
    """An open page: its regions as they are now, and what happened since it was last asked."""

    def __init__(self, first: Shown, source: str) -> None:
        self.first = first
        self.regions = dict(first.regions)
        self.told: list[tuple[str, str, str]] = []
        self.left_for = ""
        self.at = ""
        self.on_change: Callable[[], None] = lambda: None
        self._elements = _elements(source)
        self._client = _client_of(source)
        self._settled = asyncio.Event()
        self._changed = asyncio.Event()
        self._socket = socketio.AsyncClient(reconnection=False)

    @property
    def main(self) -> str:
        """The main region as it is now."""
        return self.regions["main"]

    async def connect(self, address: str, host: str) -> None:
        """Open the socket of the page."""
        self._socket.on("update", self._updated)
        self._socket.on("run_javascript", self._ran)
        query = {
            "client_id": self._client,
            "tab_id": str(uuid4()),
            "document_id": str(uuid4()),
            "next_message_id": 0,
            "implicit_handshake": "true",
        }
        await self._socket.connect(
            f"{address}/?{urlencode(query)}",
            headers={"Host": host},
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
        )

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.disconnect()

    async def send(self, message: Any) -> None:
        """Anything as the event of the main region, also what no page would send."""
        self.told.clear()
        self._settled.clear()
        main = next(e for e in self._elements.values() if e["props"].get("name") == "main")
        number = next(number for number, e in self._elements.items() if e is main)
        listener = next(one["listener_id"] for one in main["events"] if one["type"] == "act")
        await self._socket.emit(
            "event",
            {
                "id": int(number),
                "client_id": self._client,
                "listener_id": listener,
                "args": [json.dumps(message)],
            },
        )
        await asyncio.wait_for(self._settled.wait(), ANSWER_SECONDS)

    async def do(
        self,
        action: str,
        *,
        fields: dict[str, Any] | None = None,
        selected: tuple[str, ...] = (),
        value: str = "",
        **args: Any,
    ) -> None:
        """One step of the person, until the page has settled."""
        await self.send(
            {"do": action, "args": args, "fields": fields or {}, "selected": list(selected), "value": value}
        )

    async def go(self, href: str) -> None:
        """Follow a link inside the tab."""
        await self.do("@go", href=href, push=True)

    async def until(self, words: str, seconds: float = 5) -> bool:
        """Whether the page shows these words soon, by itself."""
        return await self._soon(lambda: any(words in region for region in self.regions.values()), seconds)

    async def hears(self, title: str, seconds: float = 5) -> bool:
        """Whether a message with this title comes up soon, by itself."""
        return await self._soon(lambda: any(title == one[1] for one in self.told), seconds)

    async def leaves(self, seconds: float = 5) -> str:
        """Where the page sends its person soon, by itself; empty when it does not."""
        await self._soon(lambda: bool(self.left_for), seconds)
        return self.left_for

    async def _soon(self, holds: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _updated(self, data: dict[str, Any]) -> None:
        for element in data.values():
            props = element.get("props", {}) if isinstance(element, dict) else {}
            if "html" in props:
                self.regions[props["name"]] = props["html"]
                if props["name"] == "main":
                    self.on_change()
        self._changed.set()

    def _ran(self, data: dict[str, Any]) -> None:
        found = re.search(r'runMethod\((\d+), "(\w+)", (\[.*\])\)', data["code"], re.S)
        if not found:
            return
        method, args = found[2], json.loads(found[3])
        if method == "tell":
            self.told.append(tuple(args))
        elif method == "leave":
            self.left_for = args[0]
        elif method == "went":
            self.at = args[0]
        elif method == "settled":
            self._settled.set()
        self._changed.set()


def _shown(answer: httpx.Response) -> Shown:
    elements = _elements(answer.text) if "parseElements" in answer.text else {}
    regions = {e["props"]["name"]: e["props"]["html"] for e in elements.values() if "html" in e["props"]}
    title = re.search("<title>.*?</title>", answer.text)
    text = "\n".join([*regions.values(), title[0] if title else ""]) if regions else answer.text
    return Shown(
        answer.status_code,
        answer.headers.get("location", ""),
        answer.headers.get("content-type", "").partition(";")[0],
        text,
        regions,
    )


def _elements(source: str) -> dict[str, dict[str, Any]]:
    """The elements of the first answer, which travel as JSON inside the page's script."""
    found = re.search(r"parseElements\(String\.raw`(.*?)`\)", source, re.S)
    assert found, "this is no page of the framework"
    elements: dict[str, dict[str, Any]] = json.loads(html.unescape(found[1]))
    return {key: {"props": {}, "events": []} | value for key, value in elements.items()}


def _client_of(source: str) -> str:
    found = re.search(r"'client_id': '([0-9a-f-]+)'", source)
    assert found, "the page names no socket"
    return found[1]
