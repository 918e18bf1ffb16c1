"""What goes wrong between client and service, and the door by which tests say so."""

import json
import os
import threading
import time
from collections import deque

_CODES = {
    "402": ("PaymentRequired", "Insufficient credits: the account has no credits left this month."),
    "429": ("TooManyRequests", "Too many requests."),
    "500": ("Internal", "Server error: an internal error occurred."),
    "503": ("ServiceUnavailable", "The service is not available at the moment."),
}
_WORK = ("/result", "/jobs", "/results")
"""Ends of the addresses that are counted when they are posted to: work at once, a job, its start."""


class Middleware:
    """Stands before the service: notes requests, breaks answers, limits how often work is asked for.

    Args:
        app: The service.
        doors: Path below ``/_test/`` to a function from parsed JSON to an answer.
    """

    def __init__(self, app, doors):
        self._app = app
        self._doors = {"fault": self._fault, "heal": self._heal, "requests": lambda _: self.seen, **doors}
        self._faults, self._times, self._limit = [], deque(), None
        self._lock, self.seen = threading.Lock(), []

    def __call__(self, environ, start):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path.startswith("/_test/"):
            return self._door(environ, start, path.removeprefix("/_test/"))
        fault = self._next(method, path)
        answer = fault or self._over(method, path)
        with self._lock:
            self.seen.append(
                {"method": method, "path": path, "time": time.time(), "fault": (answer or {}).get("kind")}
            )
        if answer is None:
            return self._app(environ, start)
        return _broken(answer, self._app, environ, start)

    def _fault(self, fault):
        with self._lock:
            if fault["kind"] == "rate-limit":
                self._limit = (fault.get("most", 12), fault.get("seconds", 60.0))
            else:
                self._faults.append(dict(fault))

    def _heal(self, _):
        with self._lock:
            self._faults.clear()
            self._times.clear()
            self._limit = None

    def _next(self, method, path):
        """Return the fault that a request meets, counted down."""
        with self._lock:
            for fault in self._faults:
                fits = fault.get("path", "") in path and fault.get("method", method) == method
                if fits and fault.get("times") != 0:
                    fault["times"] = None if fault.get("times") is None else fault["times"] - 1
                    return fault
        return None

    def _over(self, method, path):
        """Return a refusal if work is asked for too often."""
        if self._limit is None or method != "POST" or not path.endswith(_WORK):
            return None
        most, seconds = self._limit
        with self._lock:
            now = time.monotonic()
            while self._times and self._times[0] <= now - seconds:
                self._times.popleft()
            if len(self._times) < most:
                self._times.append(now)
                return None
            return {"kind": "429", "retry_after": max(1, round(self._times[0] + seconds - now + 0.5))}

    def _door(self, environ, start, name):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        given = json.loads(environ["wsgi.input"].read(size) or b"{}")
        if name not in self._doors:
            return _send(start, "404 Not Found", b"no such door")
        try:
            found = self._doors[name](given)
        except Exception as error:  # noqa: BLE001 - the test is told
            return _send(start, "500 Error", f"{type(error).__name__}: {error}".encode())
        if isinstance(found, bytes):
            return _send(start, "200 OK", found)
        return _send(start, "200 OK", json.dumps(found).encode())


def _broken(fault, app, environ, start):
    """Answer as a fault has it."""
    kind = fault["kind"]
    if kind.isdigit():
        code, message = _CODES.get(kind, ("Internal", f"Synthetic error {kind}."))
        body = json.dumps(
            {"id": "r-synthetic", "code": fault.get("code", code), "message": fault.get("message", message)}
        )
        extra = [("Retry-After", str(fault["retry_after"]))] if "retry_after" in fault else []
        return _send(start, f"{kind} Synthetic", body.encode(), extra)
    whole = {}
    parts = app(environ, lambda status, headers, _=None: whole.update(status=status, headers=headers))
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    headers = [(k, v) for k, v in whole["headers"] if k.lower() not in {"content-length", "accept-ranges"}]
    if kind == "garbage":
        return _given(start, whole["status"], os.urandom(max(512, len(body))), headers)
    if kind == "html":
        return _send(
            start, "200 OK", b"<!DOCTYPE html><html><body>Please sign in</body></html>", kind="text/html"
        )
    if kind == "cut":
        start(whole["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body[: len(body) // 2]]
    if kind == "short":
        return _given(start, whole["status"], body[: len(body) // 2], headers)
    time.sleep(fault.get("seconds", 1.0))  # slow
    return _given(start, whole["status"], body, headers)


def _given(start, status, body, headers):
    start(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _send(start, status, body, extra=(), kind="application/json"):
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *extra])
    return [body]
