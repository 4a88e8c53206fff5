"""Feeds from web addresses: the file, or one clear line."""

from __future__ import annotations

import base64
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog.errors import FeedError
from catalog.feeds import download as module
from catalog.feeds.download import download, is_address

FEED = b"id,title,price\n1,Kettle,20.00 EUR\n"


class Handler(BaseHTTPRequestHandler):
    """Answers by path; notes what it was shown."""

    seen: list[tuple[str, str]] = []

    def do_GET(self):
        self.seen.append((self.path, self.headers.get("Authorization", "")))
        path = self.path.partition("?")[0]
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
        elif path == "/missing.csv":
            self.send_error(404)
        elif path == "/endless.csv":
            self.endless(b"x" * 65536, 0.0)
        elif path == "/slow.csv":
            self.endless(b"x", 0.05)
        elif path == "/broken.csv":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(FEED)
        elif path == "/silent.csv":
            time.sleep(1.5)
        else:
            self.send_response(200)
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED)

    def endless(self, piece: bytes, pause: float):
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(2000):
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass  # the client had enough

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def refusal(url, tmp_path, **more) -> str:
    with pytest.raises(FeedError) as refused:
        download(url, tmp_path, **more)
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_the_file_keeps_its_name(server, tmp_path):
    steps = []
    path = download(
        f"{server}/export/pro%20ducts.csv?key=1",
        tmp_path,
        inside=True,
        progress=lambda *step: steps.append(step),
    )
    assert path.read_bytes() == FEED
    assert path.name == "pro_ducts.csv"
    assert steps[-1] == (len(FEED), len(FEED))


@pytest.mark.parametrize("path", ["", "/", "/..%2f..%2fetc%2fpasswd", "/%00"])
def test_no_name_leads_out_of_the_folder(server, tmp_path, path):
    assert download(f"{server}{path}", tmp_path, inside=True).parent == tmp_path


def test_redirects_are_followed_and_passwords_stay_with_their_host(server, tmp_path):
    Handler.seen.clear()
    own = server.replace("http://", "http://me:s3cret@")
    download(f"{own}/to//feed.csv", tmp_path, inside=True)
    shown = "Basic " + base64.b64encode(b"me:s3cret").decode()
    assert Handler.seen == [("/to//feed.csv", shown), ("/feed.csv", shown)]
    Handler.seen.clear()
    other = server.replace("127.0.0.1", "localhost")
    download(f"{own}/to/{other}/feed.csv", tmp_path, inside=True)
    assert Handler.seen[-1] == ("/feed.csv", "")


def test_what_goes_wrong_is_one_line(server, tmp_path, monkeypatch):
    own = server.replace("http://", "http://me:s3cret@")
    for path, why in (
        ("/missing.csv", "answered 404"),
        ("/round", "more than 5 times"),
        ("/broken.csv", "peer closed|broke off"),
        ("/to/ftp://127.0.0.1/feed.csv", "no http or https"),
    ):
        line = refusal(own + path, tmp_path, inside=True)
        assert any(one in line for one in why.split("|")), line
        assert "s3cret" not in line


def test_an_endless_body_ends(server, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 2_000_000)
    assert "the most allowed" in refusal(f"{server}/endless.csv", tmp_path, inside=True)


def test_a_slow_body_ends(server, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WHOLE_SECONDS", 0.3)
    assert "still coming" in refusal(f"{server}/slow.csv", tmp_path, inside=True)


def test_a_silent_server_is_given_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SILENT_SECONDS", 0.2)
    assert "nothing came" in refusal(f"{server}/silent.csv", tmp_path, inside=True)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "192.168.0.9",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[fe80::1]",
        "224.0.0.1",
        "2130706433",
    ],
)
def test_addresses_inside_a_network_are_not_asked(host, tmp_path):
    assert "inside a network" in refusal(f"http://{host}:9/feed.csv", tmp_path)


def test_a_public_address_that_leads_inside_is_not_followed(server, tmp_path, monkeypatch):
    """The first host passes for a public one; where it leads does not."""
    port = server.rpartition(":")[2]
    monkeypatch.setattr(module, "_is_public", lambda address: address == "127.0.0.1")
    line = refusal(f"http://127.0.0.1:{port}/to/http://[::1]:{port}/feed.csv", tmp_path)
    assert "::1, an address inside a network" in line


def test_addresses_are_told_from_files():
    assert is_address("HTTPS://shop.example/feed.csv")
    assert not is_address("http.csv")
    assert not is_address("ftp://shop.example/feed.csv")
