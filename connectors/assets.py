"""The static files of the website, as small as they travel: whole-line comments off, compressed once per process.

`widget.js` is written to be read, so its comments weigh a tenth of it; visitors need not download those. A template literal over
several lines loses its indentation too, which only style sheets have here.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.staticfiles import StaticFiles

_TEXT = {".js", ".css", ".html", ".svg"}
# Only comments that stand alone on their lines: a string or a regular expression can never look like that here, and
# a test runs the result in a browser.
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: plain bytes, the same compressed, and a strong entity tag."""

    plain: bytes
    packed: bytes
    tag: str


def lean(text: str) -> str:
    """JavaScript or CSS without whole-line comments and indentation."""
    return _INDENT.sub("", _COMMENT.sub("", text))


@lru_cache(maxsize=256)
def _asset(path: Path, changed: float) -> Asset:
    """The file in both forms; `changed`, its time of change, makes an edited file come anew."""
    content = path.read_bytes()
    if path.suffix in {".js", ".css"}:
        content = lean(content.decode()).encode()
    return Asset(content, gzip.compress(content, 9, mtime=0), hashlib.sha256(content).hexdigest()[:20])


class Assets(StaticFiles):
    """Like `StaticFiles`, with text files stripped and compressed; browsers ask each time whether theirs is still the newest."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Any, status_code: int = 200) -> Response:
        path = Path(full_path)
        if path.suffix not in _TEXT or status_code != 200:
            return super().file_response(full_path, stat_result, scope, status_code)
        asset = _asset(path, stat_result.st_mtime)
        request = Request(scope)
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        tag = f'"{asset.tag}{"-gz" if zipped else ""}"'
        headers = {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        kind = guess_type(path.name)[0] or "text/plain"
        return Response(asset.packed if zipped else asset.plain, media_type=kind, headers=headers)
