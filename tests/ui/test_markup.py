"""Markup escapes whatever it is given, and figures read as people write them."""

from datetime import UTC, datetime

from ui.parts.markup import Markup, a, div, input_, span
from ui.parts.money import cents_of, dollars, plain
from ui.parts.table import address
from ui.parts.times import exact
from ui.site import Site, own_path

HOSTILE = '<img src=x onerror="alert(1)">\'&'


def test_text_and_attributes_are_escaped_and_markup_is_not() -> None:
    shown = div(HOSTILE, span(HOSTILE, title=HOSTILE))
    assert "<img" not in shown
    assert shown.count("&lt;img") == 3
    assert div(Markup("<b>x</b>")) == "<div><b>x</b></div>"


def test_an_attribute_that_is_off_is_left_out_and_children_may_be_nothing() -> None:
    assert (
        input_(type="checkbox", checked=False, required=True, value=None)
        == '<input type="checkbox" required>'
    )
    assert div(None, False, [None, "x", ["y", 0]]) == "<div>xy0</div>"
    assert (
        a("go", href="/?a=1&b=2", data_key="k", cls="button")
        == '<a href="/?a=1&amp;b=2" data-key="k" class="button">go</a>'
    )


def test_money_never_passes_through_a_float() -> None:
    assert dollars(123456789) == "$1,234,567.89"
    assert dollars(-5) == "−$0.05"
    assert plain(-120) == "-1.20"
    assert cents_of("0.1", "")[0] + cents_of("0.2", "")[0] == 30
    assert [cents_of(typed, "f")[1] is not None for typed in ("", "1.999", "NaN", "1e400", "12a")] == [
        True
    ] * 5


def test_moments_are_shown_in_the_practices_zone() -> None:
    assert exact(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "America/New_York") == "Nov 1, 2026, 01:30 EDT"
    assert exact(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York") == "Nov 1, 2026, 01:30 EST"


def test_a_filter_changes_the_address_and_starts_paging_again() -> None:
    query = {"tab": "mine", "after": "xyz", "kind": "hold"}
    assert address("/work", query, kind="") == "/work?tab=mine"
    assert address("/work", query, text="C-1") == "/work?tab=mine&kind=hold&text=C-1"


def test_the_way_back_never_leaves_the_site() -> None:
    away = ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil")
    assert [own_path(back) for back in away] == ["/"] * 5
    assert own_path("/claims?status=held") == "/claims?status=held"


def test_a_subdomain_is_only_what_stands_before_our_domain() -> None:
    site = Site("localhost", 8000)
    assert site.subdomain_of("north.localhost:8000") == "north"
    assert [site.subdomain_of(host) for host in ("localhost:8000", "127.0.0.1:8000", "north.example")] == [
        "",
        "",
        "",
    ]
    assert site.address_of("north", "/work") == "http://north.localhost:8000/work"
