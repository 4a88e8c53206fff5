"""A feed from a web address: fetched to a file first, with deadlines, a cap, and never from inside the network."""

from __future__ import annotations

import base64
import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpcore

from catalog.errors import FeedError
from catalog.feeds.base import MAX_BYTES

CONNECT_SECONDS = 10.0
"""A host that is there answers within two."""
SILENT_SECONDS = 60.0
"""Shop systems that build the feed while it is asked for are silent for half a minute."""
WHOLE_SECONDS = 1800.0
"""The largest feed allowed over a slow line."""
REDIRECTS = 5
"""From the short address to https to the host that delivers files are three."""
_MEGABYTE = 1_048_576
"""Bytes."""
_REDIRECTED = frozenset((301, 302, 303, 307, 308))
_UNSAFE = re.compile(r"[^\w.-]+")

DownloadProgress = Callable[[int, int], None]
"""Told the bytes that have come, and how many there will be; 0 where the server does not say."""


class _Refused(Exception):
    """An address that is not asked; its text says why."""


class _PublicNetwork(httpcore.SyncBackend):
    """Connects to public addresses only, and to the very address that was looked at."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host by name."""
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"no such host {host}") from error
        addresses = [str(entry[4][0]) for entry in entries]
        inside = next((address for address in addresses if not _is_public(address)), None)
        if inside is not None:
            raise _Refused(f"{host} is {inside}, an address inside a network")
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """Where a feed is asked for."""

    url: str
    """Without user and password."""
    authorization: str
    """Header that shows them; empty where there are none."""

    @classmethod
    def of(cls, url: str) -> _Address:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _Refused("it is no http or https address")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        place = f"{host}:{parts.port}" if parts.port else host
        authorization = ""
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            authorization = "Basic " + base64.b64encode(pair.encode()).decode("ascii")
        return cls(
            url=urlunsplit((parts.scheme, place, parts.path or "/", parts.query, "")),
            authorization=authorization,
        )

    def redirected(self, location: str) -> _Address:
        """Where a redirect leads; what was shown to one host is not shown to another."""
        target = _Address.of(urljoin(self.url, location))
        same = urlsplit(target.url)[:2] == urlsplit(self.url)[:2]
        return _Address(url=target.url, authorization=self.authorization if same else "")


def is_address(feed: str) -> bool:
    """Whether a feed is named by a web address."""
    return feed.lower().startswith(("http://", "https://"))


def download(
    url: str,
    folder: Path,
    *,
    progress: DownloadProgress | None = None,
    inside: bool = False,
) -> Path:
    """Fetch a feed to a file in ``folder``; its name is the address's own.

    Args:
        url: http or https; may hold user and password, which are shown to that host alone.
        folder: made when missing.
        progress: told how far it is.
        inside: also ask addresses inside the network, such as a shop system on the same machine.

    Raises:
        FeedError: one line that says why it could not be had; user and password do not stand in it.
    """
    backend = httpcore.SyncBackend() if inside else _PublicNetwork()
    until = time.monotonic() + WHOLE_SECONDS
    clean_url = re.sub(r"(?<=://)[^/@\s]*@", "", url)
    try:
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            return _follow(pool, _Address.of(url), folder, until, progress)
    except _Refused as error:
        raise FeedError(
            f"The feed {clean_url} was not fetched: {error}. Allowed are public http and https addresses; "
            "for a shop system inside your network add --inside, or give a file."
        ) from error
    except httpcore.TimeoutException as error:
        raise FeedError(
            f"The feed {clean_url} was not fetched: nothing came for {SILENT_SECONDS:.0f} s. "
            "Try again, or give a file."
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
        why = str(error) or type(error).__name__
        raise FeedError(
            f"The feed {clean_url} was not fetched: {why}. Check the address."
        ) from error


def _follow(
    pool: httpcore.ConnectionPool,
    address: _Address,
    folder: Path,
    until: float,
    progress: DownloadProgress | None,
) -> Path:
    """Fetch from an address, or from where it leads."""
    for _ in range(REDIRECTS + 1):
        target = _ask(pool, address, folder, until, progress)
        if isinstance(target, Path):
            return target
        address = target
    raise _Refused(f"it leads on more than {REDIRECTS} times")


def _ask(
    pool: httpcore.ConnectionPool,
    address: _Address,
    folder: Path,
    until: float,
    progress: DownloadProgress | None,
) -> Path | _Address:
    """Fetch from one address: the file, or where it leads on."""
    headers = [("User-Agent", "shopping-assistant"), ("Accept-Encoding", "identity")]
    if address.authorization:
        headers.append(("Authorization", address.authorization))
    timeout = {"connect": CONNECT_SECONDS, "read": SILENT_SECONDS, "write": CONNECT_SECONDS}
    with pool.stream(
        "GET", address.url, headers=headers, extensions={"timeout": timeout}
    ) as response:
        answered = {name.lower(): value for name, value in response.headers}
        if response.status in _REDIRECTED and b"location" in answered:
            return address.redirected(answered[b"location"].decode("latin-1"))
        if response.status != 200:
            raise FeedError(
                f"The feed {address.url} was not fetched: the server answered {response.status}. "
                "Check the address, and user and password where it wants them."
            )
        length = answered.get(b"content-length", b"0")
        expected = int(length) if length.isdigit() else 0
        folder.mkdir(parents=True, exist_ok=True)
        name = _UNSAFE.sub("_", unquote(urlsplit(address.url).path.rpartition("/")[2]))[-80:]
        path = folder / (name.strip(".") or "feed")
        with path.open("wb") as file:
            _copy(response.iter_stream(), file, address.url, expected, until, progress)
        return path


def _copy(
    chunks: Iterable[bytes],
    file: BinaryIO,
    url: str,
    expected: int,
    until: float,
    progress: DownloadProgress | None,
) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if max(size, expected) > MAX_BYTES:
            raise FeedError(
                f"The feed {url} has more than {MAX_BYTES // _MEGABYTE} MB, which is the most allowed. "
                "Split it, or drop columns that do not describe the products."
            )
        if time.monotonic() > until:
            raise FeedError(
                f"The feed {url} was still coming after {WHOLE_SECONDS / 60:.0f} minutes, "
                f"{size // _MEGABYTE} MB of it. Try again, or give a file."
            )
        file.write(chunk)
        if progress is not None:
            progress(size, expected)
    if size < expected:
        raise FeedError(
            f"The feed {url} broke off after {size:,} of {expected:,} bytes. Try again."
        )


def _is_public(address: str) -> bool:
    """Whether an address is one of the world's: no loopback, private, link-local, shared or mapped one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)
