"""Garbage in addresses and forms: a named message each time, never a failure, never a script, never a way out."""

import inspect
import json
import re
from base64 import urlsafe_b64encode
from urllib.parse import quote
from uuid import uuid4

import pytest

from services.edi import files
from tests.fixtures.tenancy import PASSWORD
from tests.fixtures.x12_answers import Payment, era
from tests.ui.addresses import Closed, pages
from tests.ui.browsing import Browser, Shown
from tests.ui.conftest import Both, Visit
from ui.page import route

pytestmark = pytest.mark.slow

WORDS = (
    "'; DROP TABLE claims; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\x00%_\\",
    "\U0001f600\u202e" * 40,
    "9" * 400,
    "x" * 6000,
)
KEYS: tuple[object, ...] = (
    ["x"],
    ["\x00"],
    [{}],
    [None, None],
    ["2026-01-01T00:00:00+00:00", "x"],
    ["0001-01-01T00:00:00+00:00", str(uuid4())],
    [1e308, str(uuid4())],
    ["x", "x", "x"],
    [1, "2026-01-01T00:00:00+00:00", str(uuid4())],
    [10**30, "2026-01-01", []],
    [],
    {},
)


def cursor_of(key: object) -> str:
    """A cursor that looks like one of ours and holds something else."""
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


CURSORS = (WORDS[0], "\x00", "====", "x" * 6000, *(cursor_of(key) for key in KEYS))


def queries_of(one: Closed, ids: dict[str, object]) -> set[str]:
    """What a page reads of its address, as its classes are written."""
    kind, _ = route(one.address(ids))  # type: ignore[arg-type]
    sources = {inspect.getsource(part) for part in kind.__mro__ if part.__module__.startswith("ui.")}
    found = set(re.findall(r"""query(?:\.get\(|\[)["'](\w+)["']""", "\n".join(sources)))
    # A form that adds takes first values of any of its fields from the address.
    return found | ({"name", "client_id"} if one.path.endswith("/new") else set())


def broken(address: str, shown: str) -> list[str]:
    """What is wrong with a page that was given garbage."""
    faults = []
    if "This could not be shown" in shown or "This did not work" in shown:
        faults.append(f"{address[:90]}: failed without a name")
    if "<script>alert" in shown or "<img src=x" in shown:
        faults.append(f"{address[:90]}: took words for markup")
    return faults


async def test_garbage_in_every_filter_of_every_page_is_survived(standing: Both, visit: Visit) -> None:
    north, _ = standing
    tab = await (await visit(north.tenant, north.tenant.admin)).open("/work")
    faults, tried = [], 0
    for one in pages():
        for name in sorted(queries_of(one, dict(north.ids))):
            for value in CURSORS if name == "after" else WORDS:
                address = f"{one.address(north.ids)}?{name}={quote(value)}"
                await tab.go(address)
                faults += broken(address, tab.main + str(tab.told))
                tried += 1
    assert faults == []
    assert tried > 400


async def test_garbage_in_place_of_an_id_is_not_found(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    tab = await browser.open("/work")
    for one in pages():
        for value in (*WORDS, "not-an-id", "%2e%2e%2f", "new") if one.names else ():
            path = one.path.replace("{" + one.names[0] + "}", quote(value, safe=""))
            await tab.go(path)
            assert broken(path, tab.main + str(tab.told)) == []
            assert 'class="state' in tab.main or value == "new", path
        if one.names:
            answer = await browser.get(one.path.replace("{" + one.names[0] + "}", "not-an-id"))
            assert answer.status == 404, one.path


@pytest.mark.parametrize(
    "path",
    [
        "/claims?after=%00",
        "/claims?status=%ff&group=x&text=%ed%a0%80",
        "/claims?" + "a=b&" * 2000,
        "/files?connection=x",
        "/audit?type=%00&id=%00",
        "/roles/%00",
        "/nothing/here",
        "/%c0%ae%c0%ae/",
        "/<script>alert(1)</script>",
        "/sign-in?back=http://[",
        "/register/%00",
        "/register/not-an-id",
        "/enter?ticket=%00&back=//evil.example",
        "/export/claims.csv?client=x",
        "/export/claims.csv?text=%00",
        "/export/files/%00",
        "/look/%00.css",
    ],
)
async def test_no_address_fails(standing: Both, visit: Visit, path: str) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    answer = await browser.get(path)
    assert answer.status < 500, answer.text[-300:]
    assert broken(path, answer.text) == []
    assert "evil" not in answer.location


BACKS = (
    "//evil.example",
    "/\\evil.example",
    "http://evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "http://[",
)


@pytest.mark.parametrize("back", BACKS)
async def test_signing_in_never_leads_out_of_the_site(standing: Both, visit: Visit, back: str) -> None:
    north, _ = standing
    signed_in = await visit(north.tenant, north.tenant.admin)
    answer = await signed_in.get(f"/sign-in?back={quote(back, safe='')}")
    assert (answer.status, answer.location) == (303, "/")
    stranger = await visit(north.tenant)
    form = {"email": "admin@north.example", "password": PASSWORD, "back": back}
    answer = await stranger.post("/sign-in", data=form)
    assert (answer.status, answer.location) == (303, "/")


async def _refused(browser: Browser, path: str, **sent: object) -> Shown:
    answer = await browser.post(path, headers={"accept": "application/json"}, **sent)
    assert 400 <= answer.status < 500, f"{path} {sent}: {answer.status} {answer.text[:200]}"
    return answer


@pytest.mark.parametrize("path", ["/sign-in", "/register", "/join", "/upload/edi"])
async def test_forms_refuse_garbage_by_name(standing: Both, visit: Visit, path: str) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    names = (
        "email",
        "password",
        "company",
        "subdomain",
        "plan",
        "kind",
        "admin_email",
        "admin_name",
        "code",
        "connection",
    )
    for word in WORDS[:4]:
        answer = await _refused(browser, path, data=dict.fromkeys(names, word) | {"request_key": word})
        assert "Traceback" not in answer.text
        assert json.loads(answer.text)["title"]
    await _refused(
        browser,
        path,
        content=b"\xff\xfe\x00 no form",
    )
    await _refused(browser, path, json={"email": 1})
    await _refused(
        browser, path, files={"email": ("x.txt", b"\x00"), "code": ("x", b""), "connection": ("x", b"")}
    )


async def test_a_form_sent_from_another_site_is_refused(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    for origin in ("http://evil.example", "null", "http://[", "", "http://south.localhost"):
        for path in ("/sign-in", "/sign-out", "/register", "/join", "/switch/north", "/upload/edi"):
            sent = (
                {"files": {"file": ("x.999", b"ISA")}}
                if path == "/upload/edi"
                else {"data": {"email": "a@b.example"}}
            )
            answer = await browser.http.post(
                path, headers={"origin": origin, "accept": "application/json"}, **sent
            )
            assert answer.status_code == 403, f"{path} from {origin}: {answer.status_code}"
            assert "set-cookie" not in answer.headers
    assert (await browser.get("/claims")).status == 200, "still signed in"


async def test_a_file_taken_in_by_hand_is_refused_by_name_when_it_is_none(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    connection = str(north.ids["connection_id"])
    count = "SELECT count(*) FROM edi_files WHERE tenant_id = $1"
    before = await north.tenant.owner.fetchval(count, north.tenant.tenant_id)
    for name, body, given in (
        ("x.835", b"", connection),
        ("x.835", b"\x00" * 300, connection),
        ("x.835", b"no x12 at all", connection),
        ("x" * 3000, b"ISA*00*", connection),
        ("../../etc/passwd", b"ISA*00*", connection),
        ("x.835", b"ISA*00*".ljust(files.LARGEST_TAKEN_IN + 1), connection),
        ("x.835", b"ISA*00*", "not-an-id"),
        ("x.835", b"ISA*00*", str(uuid4())),
    ):
        answer = await _refused(
            browser, "/upload/edi", files={"file": (name, body)}, data={"connection": given}
        )
        assert json.loads(answer.text)["title"], name
        assert json.loads(answer.text)["what_to_do"], name
    assert await north.tenant.owner.fetchval(count, north.tenant.tenant_id) == before


async def test_every_answer_keeps_out_of_frames_caches_and_other_sites(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    file = f"/export/files/{north.ids['file_id']}"
    for path in ("/claims", "/sign-in", "/export/claims.csv", file, "/admin/", "/api/claims"):
        answer = await browser.http.get(path)
        assert answer.headers["x-frame-options"].upper() in ("DENY", "SAMEORIGIN"), path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer"), path
        if path not in ("/sign-in", "/admin/"):  # the one leads on, the other is a frame without data
            assert "no-store" in answer.headers["cache-control"], path


async def test_the_cookie_of_a_sign_in_is_out_of_reach_for_scripts_and_for_plain_http(
    standing: Both, visit: Visit
) -> None:
    north, _ = standing
    browser = await visit(north.tenant)
    form = {"email": "admin@north.example", "password": PASSWORD}
    for scheme in ("http", "https"):
        answer = await browser.http.post("/sign-in", data=form, headers={"x-forwarded-proto": scheme})
        cookie = next(
            one for one in answer.headers.get_list("set-cookie") if one.startswith("caseload_session")
        )
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Domain" not in cookie
        assert ("Secure" in cookie) == (scheme == "https")


async def test_a_large_file_taken_in_by_hand_is_stored_whole(standing: Both, visit: Visit) -> None:
    north, _ = standing
    browser = await visit(north.tenant, north.tenant.admin)
    body = era(Payment(claims=()), isa13=77) + b"\n" * (9 << 20)
    sent = {
        "files": {"file": ("nine-megabytes.835", body)},
        "data": {"connection": str(north.ids["connection_id"])},
    }
    answer = await browser.post("/upload/edi", **sent)
    assert answer.status == 200, answer.text
    assert "nine-megabytes.835" in answer.text
    size = await north.tenant.owner.fetchval(
        "SELECT size FROM edi_files WHERE remote_name = 'nine-megabytes.835'"
    )
    assert size == len(body)
