"""Servers of our own: none is left behind, and a port that is taken is told of."""

import socket

import pytest
from ending import ends_with_its_starter

from flows.errors import UsageError
from flows.server import ServerError, answers, embedded_server, own_server

DYING = """
import os, signal, sys
from pathlib import Path
from flows.server import embedded_server
with embedded_server(Path(sys.argv[1])) as server:
    print(server.process.pid, flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_server_ends_with_whoever_started_it_even_if_that_one_is_killed(tmp_path):
    assert ends_with_its_starter("-c", DYING, tmp_path, within=100), "the server is still there"


def test_a_port_that_is_taken_is_told_of():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use by something else.*--port"), own_server(port):
            pass


@pytest.mark.slow
def test_a_proxy_that_is_configured_is_not_asked_for_a_server_on_this_machine(tmp_path, monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "elsewhere.example")  # and put back afterwards
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with embedded_server(tmp_path) as server:
        server.await_answer()
        assert answers(f"{server.url}/health")


@pytest.mark.slow
def test_a_server_that_does_not_start_says_why(tmp_path):
    (tmp_path / "prefect.db").write_bytes(b"no database" * 100)
    with embedded_server(tmp_path) as server, pytest.raises(ServerError, match=r"did not start.*failed.*server\.log"):
        server.await_answer()
    assert "not a database" in server.log.read_text("utf-8")
