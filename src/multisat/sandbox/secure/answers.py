"""Answers that several secure hosts give."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from multisat.sandbox.http import Request, Response


def plain_json(data: object, status: int = 200, **headers: str) -> Response:
    """Return JSON; underscores in header names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status=status, body=json.dumps(data).encode(), headers={"Content-Type": "application/json", **named}
    )


def redirect(where: str, status: int = 302, **headers: str) -> Response:
    """Return a redirect; underscores in header names become hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers={"Location": where, **named})


def html(text: str, status: int = 200) -> Response:
    """Return a small page."""
    body = f"<!DOCTYPE html><html><body>{text}</body></html>"
    return Response(status=status, body=body.encode(), headers={"Content-Type": "text/html"})


def xml_error(status: int, code: str, message: str, **more: str) -> Response:
    """Return an error as object stores write it.

    Args:
        status: HTTP status.
        code: The store's word for it.
        message: What went wrong.
        **more: Further elements.
    """
    elements = {"Code": code, "Message": message, **more}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in elements.items())
    body = f'<?xml version="1.0" encoding="utf-8"?><Error>{inner}</Error>'
    return Response(status=status, body=body.encode(), headers={"Content-Type": "application/xml"})


def too_many(seconds: int) -> Response:
    """Return the answer to one request too many."""
    text = f"Rate limit is exceeded. Try again in {seconds} seconds."
    return plain_json({"statusCode": 429, "message": text}, 429, Retry_After=str(seconds))


def cookie_of(request: Request, name: str) -> str | None:
    """Return a cookie a request carries, or None."""
    pairs = (part.strip().partition("=") for part in request.headers.get("cookie", "").split(";"))
    return next((value for key, _, value in pairs if key == name), None)
