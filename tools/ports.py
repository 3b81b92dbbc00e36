"""A port that nobody uses."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A free port of this machine's own address, for a server started next."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
