"""The front door as a site's machine uses it: REST with a token, over HTTP."""

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

PATIENCE_SECONDS = 60


class DoorError(Exception):
    """The front door refused, or did not answer; the message says what was asked and what came back."""


@dataclass(frozen=True)
class Door:
    """One site's way in: the registry's address and the site's token."""

    base_url: str
    token: str

    def get(self, path: str) -> dict[str, Any]:
        """The JSON object at `path`."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Posts `body` as JSON; the answer's JSON object."""
        return self._ask("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def post_csv(self, path: str, content: bytes) -> dict[str, Any]:
        """Posts the content of a CSV file; the answer's JSON object."""
        return self._ask("POST", path, content, {"Content-Type": "text/csv"})

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Puts `body` as JSON; the answer's JSON object."""
        return self._ask("PUT", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def post_file(self, path: str, fields: dict[str, str], file: Path) -> dict[str, Any]:
        """Posts a file and fields as multipart/form-data; the answer's JSON object."""
        boundary = "strata-demonstration-boundary"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        parts += [
            head.encode(),
            b"Content-Type: text/csv\r\n\r\n",
            file.read_bytes(),
            f"\r\n--{boundary}--\r\n".encode(),
        ]
        return self._ask("POST", path, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
        """Waits and asks again while the door says 429 or 503, or is not open yet; raises DoorError otherwise."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        request = urllib.request.Request(self.base_url.rstrip("/") + path, body, headers, method=method)  # noqa: S310
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - the operator named it
                    return cast("dict[str, Any]", json.load(answer))
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (429, 503) or time.monotonic() > give_up:
                    raise DoorError(f"{method} {path} was answered {refusal.code}: {_reason(refusal)}") from refusal
                time.sleep(min(float(refusal.headers.get("Retry-After") or 1), 10))
            except (OSError, http.client.HTTPException) as failure:  # a URLError, a time-out, a connection that broke
                if time.monotonic() > give_up:
                    raise DoorError(f"{self.base_url} does not answer: {type(failure).__name__}") from failure
                time.sleep(0.5)


def _reason(refusal: urllib.error.HTTPError) -> str:
    text = refusal.read().decode(errors="replace")
    try:
        problem = json.loads(text)
    except ValueError:
        return text[:300]
    places = [f"{e.get('pointer', '')} {e.get('code', '')}: {e.get('detail', '')}" for e in problem.get("errors", [])]
    return "; ".join([str(problem.get("detail") or problem.get("title")), *places])
