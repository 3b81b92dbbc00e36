"""No session for those who only look round: nothing is read from a cookie, and nothing can be put into one."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface, SessionMixin


class NoSession(SessionInterface):
    """Gives every request a session that refuses to be written to; Flask's own opens a signer for each request."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002  -- the base class names them.
        """An empty session. Writing to it is an error that says so."""
        return NullSession()

    def is_null_session(self, obj: object) -> bool:
        """Every session here is null, so none is saved."""
        return isinstance(obj, NullSession)
