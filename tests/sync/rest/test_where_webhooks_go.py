"""No webhook goes inside the house, whatever a merchant writes or a name resolves to."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import pytest

from sync.central.rest import posting
from sync.central.rest.posting import Answered, Failed
from sync.central.rest.targets import Targets
from tests.sync.test_tls import Authority, presenting, serving

PUBLIC, HOUSE = Targets(), Targets.of(("10.1.0.0/16", "fd00::/8"))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe"),
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert not PUBLIC.fits(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_public_ones_are_not(address):
    assert PUBLIC.fits(ip_address(address))


def test_what_the_operator_allows_is_allowed_and_no_more():
    assert HOUSE.fits(ip_address("10.1.2.3"))
    assert HOUSE.fits(ip_address("::ffff:10.1.2.3"))
    assert HOUSE.fits(ip_address("fd00::1"))
    assert not HOUSE.fits(ip_address("10.2.0.1"))
    assert HOUSE.problem("http://10.1.2.3:8080/hooks") == ""
    with pytest.raises(ValueError, match=r"host bits|appear"):
        Targets.of(("10.1.2.3/8",))


@pytest.mark.parametrize(
    "url",
    [
        *("", "shop.example", "ftp://shop.example", "http://shop.example", "https://"),
        *("https://me:pass@shop.example", "https://shop.example/#x", "https://shop.example:x/"),
        *("https://127.0.0.1/", "https://[::1]/", "http://[::1]/", "https://shop.example/a b"),
        *("https://[::ffff:10.0.0.1]/", "https://shop.example/\n", "https://bücher.example/"),
        "https://shop.example/" + "x" * 1000,
    ],
)
def test_what_is_no_address_for_it(url):
    assert PUBLIC.problem(url)


def test_a_name_that_points_inside_is_not_connected_to(monkeypatch):
    """Also where only one of its addresses does, and whatever it said a moment before."""
    asked = []

    async def resolved(self, host, port, **_):
        asked.append(host)
        found = ("93.184.216.34", "10.0.0.7")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    async def connected(*_, **__):
        raise AssertionError("it was connected to")

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolved)
    monkeypatch.setattr(posting.asyncio, "open_connection", connected)
    told = asyncio.run(posting.post("https://shop.example/hooks", {}, b"{}", PUBLIC))
    assert told == Failed("not_allowed")
    assert asked == ["shop.example"]


def test_it_connects_to_the_very_address_that_was_looked_at(monkeypatch):
    met = []

    async def resolved(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    async def connected(host, port, *, ssl, server_hostname, **_):
        met.append((host, port, ssl is not None, server_hostname))
        raise ConnectionRefusedError

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolved)
    monkeypatch.setattr(posting.asyncio, "open_connection", connected)
    told = asyncio.run(posting.post("https://shop.example/hooks", {}, b"{}", PUBLIC))
    assert told == Failed("no_connection")
    assert met == [("93.184.216.34", 443, True, "shop.example")]


def test_tls_is_checked_as_browsers_do(tmp_path, monkeypatch):
    """A certificate that nobody vouches for, that is another's, and a good one."""
    ours = Authority(tmp_path, "ours")
    targets = Targets.of(("127.0.0.0/8",))

    def sent(certificate):
        with serving(presenting(certificate)) as server:
            url = f"https://127.0.0.1:{server.server_port}/hooks"
            told = asyncio.run(posting.post(url, {}, b"{}", targets))
            return told, server.reached

    assert sent(ours.issue()) == (Failed("tls"), [])
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.file))
    assert sent(ours.issue("shop.example")) == (Failed("tls"), [])
    assert sent(ours.issue()) == (Answered(200), ["/hooks"])
