"""Millrace's own API for programs in Python: 3.9 or newer, and nothing beside its standard library.

What there is of operations is generated (millrace_operations.py). Here is how they are asked for: tokens,
retries, pages, events, errors.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Dict, Iterator, Mapping, Optional

from millrace_operations import Operations

TRIES = 4
LONGEST_WAIT_S = 10.0
FIRST_WAIT_S = 0.25
# 502 and 504: the answer is lost. 429 and 503: nothing was done.
TRIED_AGAIN = (429, 502, 503, 504)


class MillraceError(Exception):
    """A request that was refused, or had no answer of Millrace's."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 0,
        field: Optional[str] = None,
        facts: Optional[Dict[str, Any]] = None,
        reference: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        #: Of HTTP; 0: there was no answer.
        self.status = status
        self.field = field
        self.facts = facts or {}
        self.reference = reference

    @property
    def is_ours(self) -> bool:
        """Whether the request isn't at fault."""
        return self.status == 0 or self.status >= 500 or self.code == "unexpected_answer"

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Millrace(Operations):
    """A Millrace, by its address and a token: ``Millrace("http://localhost:8700", token)``."""

    def __init__(self, url: str, token: str, tries: int = TRIES, timeout_s: float = 120.0) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._tries = max(1, tries)
        self._timeout_s = timeout_s

    def request(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        code_zip: Optional[bytes] = None,
    ) -> Any:
        """One answer. A ``POST`` has an Idempotency-Key, the same in each of its tries: it is done once."""
        with self._open(method, path, query, body, code_zip) as answer:
            return _read(answer)

    def pages(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Any]:
        """Everything of a list; the next page is asked for when the one before has been gone through."""
        asked = dict(query or {})
        while True:
            page = self.request("GET", path, asked)
            yield from page["data"]
            if page.get("next") is None:
                return
            asked["after"] = page["next"]

    def events(self, path: str, query: Optional[Mapping[str, Any]] = None) -> Iterator[Dict[str, Any]]:
        """What goes on, as it happens: ``{"event", "data", "id"}``, until the server ends it."""
        with self._open("GET", path, query, None, None) as answer:
            told: Dict[str, Any] = {}
            for raw in answer:
                line = raw.decode("utf-8").rstrip("\r\n")
                name, _, value = line.partition(": ")
                if line == "" and "data" in told:
                    data = json.loads(told["data"])
                    yield {"event": told.get("event", "message"), "data": data, "id": told.get("id")}
                    told = {}
                elif name in ("event", "data", "id"):
                    told[name] = value

    def _open(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, Any]],
        body: Any,
        code_zip: Optional[bytes],
    ) -> Any:
        words = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        asked = f"?{urllib.parse.urlencode(words)}" if words else ""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json, text/event-stream"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        data: Optional[bytes] = None
        if code_zip is not None:
            data, headers["Content-Type"] = _form(body, code_zip)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode("utf-8"), "application/json"
        url = f"{self.url}/millrace/v1{path}{asked}"
        for left in reversed(range(self._tries)):
            request = urllib.request.Request(url, data=data, headers=headers, method=method)
            try:
                return _OPENER.open(request, timeout=self._timeout_s)
            except urllib.error.HTTPError as error:
                wait_s = _wait_s(error.headers.get("Retry-After"), self._tries - left)
                if left == 0 or error.code not in TRIED_AGAIN or wait_s > LONGEST_WAIT_S:
                    raise _refusal(error) from None
            except (urllib.error.URLError, OSError) as error:
                if left == 0:
                    raise MillraceError("unreachable", f"{self.url} can't be reached: {error}") from error
                wait_s = _wait_s(None, self._tries - left)
            time.sleep(wait_s)
        raise AssertionError("not reached")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Millrace redirects nowhere: urllib would take the token along, to any host."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _wait_s(retry_after: Optional[str], tried: int) -> float:
    if retry_after is not None and retry_after.isdigit():
        return float(retry_after)
    return FIRST_WAIT_S * 2.0 ** (tried - 1)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _read(answer: Any) -> Any:
    text = answer.read()
    if not text:
        return None
    kind = answer.headers.get("Content-Type", "")
    return json.loads(text) if kind.startswith("application/json") else text


def _refusal(error: urllib.error.HTTPError) -> MillraceError:
    text = error.read()
    elsewhere = error.headers.get("Location")
    if 300 <= error.code < 400 and elsewhere is not None:
        return MillraceError("unexpected_answer", f"status {error.code}: it leads to {elsewhere}", error.code)
    try:
        told = json.loads(text)["error"]
        return MillraceError(
            told["code"], told["message"], error.code, told.get("field"), told.get("facts"), told.get("reference")
        )
    except (ValueError, KeyError, TypeError):
        return MillraceError("unexpected_answer", f"status {error.code}: {text[:200]!r}", error.code)


def _form(settings: Any, code_zip: bytes) -> "tuple[bytes, str]":
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="settings"\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(settings or {})}\r\n".encode("utf-8"),
        f'--{border}\r\nContent-Disposition: form-data; name="code"; filename="function.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n".encode("utf-8"),
        code_zip,
        f"\r\n--{border}--\r\n".encode("utf-8"),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={border}"
