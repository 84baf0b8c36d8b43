"""Cards of a connection's page: whether its partner may be called, its pinned host key, and its keys."""

from typing import TYPE_CHECKING

from services.clientele.connection_facts import ConnectionView
from services.clientele.connection_setup import SeenHostKey
from services.clientele.connection_words import ConnectionTest
from ui.parts import table
from ui.parts.buttons import action
from ui.parts.cards import card
from ui.parts.chips import chip
from ui.parts.markup import Child, Markup, button, div, p, span
from ui.parts.states import notice
from ui.parts.times import ago, due

if TYPE_CHECKING:
    from ui.clientele.connection import Connection


def circuit_notice(page: "Connection") -> Child:
    """Why the partner is left alone, when it is tried again, and what a person can do."""
    one: ConnectionView = page.record
    circuit = one.circuit
    if circuit.state == "closed":
        return None
    when = (
        ("It is tried again ", due(circuit.retry_at, page.zone), ".")
        if circuit.retry_at
        else "It is not tried again before somebody mends it: trying might lock the account."
    )
    acts = page.editable and div(
        action("Try now", "test", look="tiny"),
        action("Close by hand", "ask_close", look="tiny quiet"),
        cls="actions",
    )
    words = (
        span(circuit.what_to_do, " Nothing is sent or fetched meanwhile, and nothing is lost. "),
        span(*when) if isinstance(when, tuple) else when,
    )
    return notice("bad", f"Paused: {circuit.words}", words, acts or None)


def host_key_card(page: "Connection") -> Child:
    """The pinned key beside the one that the server shows."""
    one: ConnectionView = page.record
    if one.kind != "sftp":
        return None
    look = action("Look at the server's key", "look_host_key", look="tiny") if page.editable else None
    facts = table.facts(
        ("Pinned", span(one.host_fingerprint or "none", cls="mono")),
        ("Replaced because", one.host_key_note) if one.host_key_note else None,
        look="one",
    )
    return card("Host key", facts, _seen(page.seen, page.editable), action=look)


def _seen(seen: SeenHostKey | None, editable: bool) -> Child:
    if seen is None:
        return None
    if seen.same:
        return notice("ok", "The server shows the pinned key.", span(seen.fingerprint, cls="mono"))
    words = (
        "Pinned: ", span(seen.pinned_fingerprint or "none", cls="mono"), ". Shown now: ",
        span(seen.fingerprint, cls="mono"), ". Ask the partner by telephone before you pin another.",
    )  # fmt: skip
    pin = action("Pin the new key", "ask_pin", look="tiny") if editable else None
    return notice("bad", "The server shows another key than the pinned one.", words, pin)


def key_card(page: "Connection") -> Child:
    """Our public key, and the one that is to follow it."""
    one: ConnectionView = page.record
    if one.kind != "sftp":
        return card(
            "Token", p("The token is kept sealed. Paste a new one in the form to replace it.", cls="muted")
        )
    words = p(
        "Give this to the partner, so that it lets us in. The private key never leaves the vault.",
        cls="muted",
    )
    copy = button("Copy", type="button", cls="button tiny", data_copy=one.public_key)
    body = div(words, public_key(one.public_key), _rotation(page, one), cls="stack")
    return card("Our public key", body, action=copy)


def public_key(text: str) -> Markup:
    """A public key, to be read or copied whole."""
    return div(span(text, cls="mono"), cls="secret")


def _rotation(page: "Connection", one: ConnectionView) -> Child:
    if not page.editable or not one.active:
        return None
    if not one.next_public_key:
        return div(action("Replace this key", "rotate", look="tiny"), cls="form-foot")
    tried = (
        (chip("Works", "ok"), " ", ago(one.next_key_tested_at, page.zone))
        if one.next_key_tested_at
        else chip("Not tried yet", "neutral")
    )
    acts = div(
        button("Copy", type="button", cls="button tiny", data_copy=one.next_public_key),
        action("Give it to the practice clearinghouse", "next_to_practice", look="tiny"),
        action("Try it", "try_next", look="tiny"),
        action("Switch to it", "switch_key", look="tiny"),
        action("Give up", "drop_next", look="tiny quiet"),
        cls="actions",
    )
    steps = p(
        "A new key waits beside this one. Give it to the partner, try it, then switch; the old one is destroyed.",
        cls="muted",
    )
    return div(steps, public_key(one.next_public_key), div(tried), tested(page.next_test), acts, cls="stack")


def tested(test: ConnectionTest | None) -> Child:
    """What a test came to."""
    if test is None:
        return None
    words = f"{test.waiting_files} files wait for us." if test.works else test.what_to_do
    return notice("ok" if test.works else "bad", test.sentence, words)
