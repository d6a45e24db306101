"""The polite client: what it says of itself, when it waits, what it refuses."""

import gzip
import random
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import NOT_FOUND, Answer, FakeClock, serve

from rag_commons.errors import InputError
from rag_commons.sources.fetching import Fetcher, FetchFailed
from rag_commons.sources.fetching.addresses import is_public
from rag_commons.sources.fetching.client import user_agent
from rag_commons.sources.fetching.opt_outs import html_reservation, is_reserved, matches, tdm_rules


def polite(loopback, clock=None, **options):
    return Fetcher([loopback.base], clock=clock or FakeClock(), **options)


def ok(request):
    return NOT_FOUND if request.path in ("/robots.txt", "/.well-known/tdmrep.json") else Answer("voilà")


def test_it_says_who_it_is_and_how_to_reach_its_user():
    with serve(ok) as server, polite(server, contact="bibliotheque@exemple.fr\r\nX-Evil: 1") as fetcher:
        assert fetcher.get(server.base + "/page").body.decode() == "voilà"
    said = server.asked[0].headers["user-agent"]
    assert said.startswith("rag-commons/") and "bibliotheque@exemple.fr" in said
    assert "x-evil" not in server.asked[0].headers
    assert user_agent(None).isascii()


def test_a_host_is_asked_at_its_pace_and_a_service_at_its_own():
    clock = FakeClock()
    with serve(ok) as server, polite(server, clock, interval=2.0) as fetcher:
        for _ in range(3):
            fetcher.get(server.base)
        assert clock.slept == [2.0, 2.0]
        fetcher.get(server.base, interval=12.0)
        fetcher.get(server.base, interval=12.0)
        assert clock.slept == [2.0, 2.0, 12.0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status):
    clock = FakeClock()
    with serve(ok) as server, polite(server, clock, interval=0) as fetcher:
        server.queue = [Answer("", status), Answer("", status)]
        assert fetcher.get(server.base).status == 200
    assert len(server.asked) == 3 and len(clock.slept) == 2 and clock.slept[1] > clock.slept[0] - 1


def test_retry_after_is_waited_for_in_seconds_and_as_a_date():
    clock = FakeClock()
    with serve(ok) as server, polite(server, clock, interval=0) as fetcher:
        server.queue = [
            Answer("", 429, {"Retry-After": "40"}),
            Answer("", 503, {"Retry-After": formatdate(clock.today + 40 + 90, usegmt=True)}),
        ]
        assert fetcher.get(server.base).status == 200
    assert clock.slept[0] == pytest.approx(40, abs=1) and clock.slept[1] == pytest.approx(90, abs=2)


def test_a_wait_too_long_is_said_at_once():
    with serve(ok) as server, polite(server) as fetcher:
        server.queue = [Answer("", 429, {"Retry-After": "86400"})]
        with pytest.raises(FetchFailed, match="86400 s"):
            fetcher.get(server.base)
    assert len(server.asked) == 1


def test_what_lasts_is_a_failure_with_its_reason():
    with serve(ok) as server, polite(server, interval=0, tries=3) as fetcher:
        server.queue = [Answer("", 500)] * 3 + [Answer("", 404)]
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
        assert seen.value.reason == "500" and seen.value.refusal("d").reason == "fetch:500"
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
        assert seen.value.reason == "404"
    assert len(server.asked) == 4


def test_a_truncated_body_is_never_taken_for_a_whole_one():
    with serve(ok) as server, polite(server, interval=0, tries=2) as fetcher:
        server.queue = [Answer("moitié", cut=10)]
        assert fetcher.get(server.base).body.decode() == "voilà"
        server.queue = [Answer("moitié", cut=10)] * 2
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
    assert seen.value.reason == "truncated"


def test_a_slow_server_and_a_body_that_never_ends_are_left():
    with serve(ok) as server, polite(server, timeout=0.03, tries=1) as fetcher:
        server.queue = [Answer("enfin", wait=True)]
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
        assert seen.value.reason == "timeout"
    with serve(lambda request: Answer(b"x" * 500_000)) as server, polite(server, FakeClock(step=1.0), deadline=2.0, tries=1) as fetcher:
        with pytest.raises(FetchFailed, match="not ended after"):
            fetcher.get(server.base)


def test_bodies_are_bounded_once_decoded():
    bomb = Answer(gzip.compress(b"0" * 3_000_000), headers={"Content-Encoding": "gzip"})
    with serve(lambda request: bomb) as server, polite(server, limit=100_000) as fetcher:
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
    assert seen.value.reason == "too-large"


def test_a_damaged_encoding_and_a_closed_port_are_failures():
    with serve(lambda request: Answer(b"not gzip", headers={"Content-Encoding": "gzip"})) as server, polite(server, tries=1) as fetcher:
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
    assert seen.value.reason == "unreachable"
    with polite(server, tries=1) as fetcher, pytest.raises(FetchFailed):
        fetcher.get(server.base)


def test_redirects_on_the_same_host_are_followed_and_loops_are_left():
    with serve(ok) as server, polite(server, interval=0) as fetcher:
        server.queue = [Answer("", 301, {"Location": "/ailleurs?é=1"})]
        assert fetcher.get(server.base + "/ici").url.endswith("/ailleurs?%C3%A9=1")
        server.queue = [Answer("", 302, {"Location": "/ici"})] * 9
        with pytest.raises(FetchFailed, match="5 redirects"):
            fetcher.get(server.base + "/ici")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://localhost:1/secret", "private-address"),
        ("http://10.0.0.8/secret", "private-address"),
        ("http://169.254.169.254/latest/meta-data/", "private-address"),
        ("http://[::1]/", "private-address"),
        ("http://[::ffff:10.0.0.1]/", "private-address"),
        ("file:///etc/passwd", "redirect"),
        ("ftp://exemple.fr/", "redirect"),
        ("http://exemple.fr:port/", "address"),
    ],
)
def test_a_redirect_leads_to_no_private_machine_that_the_user_did_not_name(target, reason):
    with serve(ok) as server, polite(server, tries=1) as fetcher:
        server.queue = [Answer("", 302, {"Location": target})]
        with pytest.raises(FetchFailed) as seen:
            fetcher.get(server.base)
    assert seen.value.reason == reason


def test_a_public_name_that_resolves_to_a_private_address_is_refused():
    with serve(ok) as server:
        addresses = {"wiki.exemple": ["93.184.216.34"]}
        with Fetcher(["http://wiki.exemple"], clock=FakeClock(), resolve=lambda host, port: addresses[host]) as fetcher:
            addresses["wiki.exemple"] = ["127.0.0.1"]
            with pytest.raises(FetchFailed) as seen:
                fetcher.get(server.base.replace("127.0.0.1", "wiki.exemple"))
    assert seen.value.reason == "private-address" and not server.asked


@pytest.mark.parametrize("base", ["", "wiki", "ftp://exemple.fr/", "http://exemple.fr:port/", "http:///w/api.php"])
def test_a_base_address_that_cannot_be_read_is_an_error(base):
    with pytest.raises(InputError):
        Fetcher([base])


def test_a_key_stays_with_the_host_that_it_was_given_for():
    with serve(ok) as other, serve(lambda request: Answer("", 302, {"Location": other.base})) as server:
        with Fetcher([server.base, other.base], clock=FakeClock()) as fetcher:
            fetcher.read(server.base, None, lambda fetched: fetched, headers={"X-Api-Key": "secret"})
    assert server.asked[0].headers["x-api-key"] == "secret" and "x-api-key" not in other.asked[0].headers


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "gopher://x/", "http://", "pas une adresse", "http://é\x00/", "//exemple.fr/", "http://[1"]
)
def test_only_http_and_https(address):
    with Fetcher(clock=FakeClock(), tries=1) as fetcher, pytest.raises(FetchFailed):
        fetcher.get(address)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2a02:ec80:300:ed1a::1", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("exemple", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public


def site(robots=None, tdmrep=None, headers=None, page="page", mime="text/html"):
    def answer(request):
        if request.path == "/robots.txt":
            return robots or NOT_FOUND
        if request.path == "/.well-known/tdmrep.json":
            return Answer(tdmrep) if tdmrep else NOT_FOUND
        return Answer(page, headers={"Content-Type": mime} | (headers or {}))

    return answer


RESERVED = '[{"location": "/fonds/*", "tdm-reservation": 1}]'
META = '<html><head><META NAME="TDM-Reservation" content="%s"></head><p>texte'


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, None),
        ({"robots": Answer("User-agent: *\nDisallow: /fonds/")}, "opt-out:robots"),
        ({"robots": Answer("User-agent: *\nDisallow: /\nUser-agent: rag-commons\nAllow: /")}, None),
        ({"robots": Answer("User-agent: rag-commons\nDisallow: /")}, "opt-out:robots"),
        ({"robots": Answer("", 403)}, None),
        ({"robots": Answer("", 500)}, "unreachable:robots"),
        ({"tdmrep": RESERVED}, "opt-out:tdmrep"),
        ({"tdmrep": RESERVED, "headers": {"TDM-Reservation": "0"}}, None),
        ({"headers": {"tdm-reservation": "1"}}, "opt-out:tdmrep"),
        ({"headers": {"tdm-reservation": "1"}, "page": META % 0}, None),
        ({"page": META % 1}, "opt-out:tdmrep"),
        ({"page": META % 1, "mime": "text/plain"}, None),
        ({"tdmrep": "pas du JSON"}, None),
        ({"tdmrep": '{"location": "/", "tdm-reservation": "1"}'}, "opt-out:tdmrep"),
    ],
)
def test_opt_outs_are_honoured_and_logged(options, reason, caplog):
    caplog.set_level("INFO")
    with serve(site(**options)) as server, polite(server, interval=0) as fetcher:
        address = server.base + "/fonds/1"
        refused = fetcher.opt_out(address, fetcher.get(address))
        logged = caplog.text
        fetcher.opt_out(address)
    assert (refused.reason if refused else None) == reason
    assert ("opt-out" in logged) == (reason or "").startswith("opt-out")
    if options.get("robots", NOT_FOUND).status < 500:
        assert [request.path for request in server.asked].count("/robots.txt") == 1


def test_the_delay_of_robots_is_kept():
    clock = FakeClock()
    with serve(site(robots=Answer("User-agent: *\nCrawl-delay: 7"))) as server, polite(server, clock, interval=0) as fetcher:
        assert fetcher.opt_out(server.base + "/1") is None
        before = len(clock.slept)
        fetcher.get(server.base + "/1")
        fetcher.get(server.base + "/2")
    assert clock.slept[before:] == [7, 7]


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("/", "/tout", True),
        ("/fonds/", "/fonds/1", True),
        ("/fonds/", "/fond", False),
        ("*.pdf$", "/a/b.pdf", True),
        ("*.pdf$", "/a/b.pdf?x=1", False),
        ("/a*b*c", "/a-b-c-d", True),
        ("/a*b*c$", "/a-b-c-d", False),
        ("/exact$", "/exact", True),
        ("/exact$", "/exact/", False),
        ("/aa*aa$", "/aaa", False),
    ],
)
def test_location_patterns(pattern, path, found):
    assert matches(pattern, path) is found


@given(st.text("ab*$/", max_size=12), st.text("ab/", max_size=30))
def test_a_pattern_matches_as_its_regular_expression_would(pattern, path):
    import re

    anchored, body = pattern.endswith("$"), pattern.removesuffix("$")
    expected = re.match("".join(".*" if char == "*" else re.escape(char) for char in body) + (r"\Z" if anchored else ""), path)
    assert matches(pattern, path) == bool(expected)


def test_of_two_rules_that_disagree_the_reservation_stands():
    rules = tdm_rules([{"location": "/", "tdm-reservation": 0}, {"location": "/fonds/", "tdm-reservation": 1}, "rien", {"location": 3}])
    assert is_reserved(rules, "https://x.fr/fonds/1") and not is_reserved(rules, "https://x.fr/autre")
    assert not is_reserved(
        tdm_rules([{"location": "/libre/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]), "https://x.fr/libre/1"
    )


def test_any_bytes_may_be_read_for_a_reservation():
    rng = random.Random(4)
    page = bytearray((META % 1).encode())
    for _ in range(300):
        page[rng.randrange(len(page))] = rng.randrange(256)
        html_reservation(bytes(page))
