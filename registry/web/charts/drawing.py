"""From specifications to SVG that may stand in a page: no `style=`, no fixed size, and kept by the hash of its specification."""

import hashlib
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import caches
from django.utils.safestring import SafeString

from registry.web.charts.frame import LETTERS, TEXT, Figure, Spec

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[3]
RENDERER = "registry.web.charts.renderer"
PATIENCE_SECONDS = 60
KEEP_SECONDS = 30 * 24 * 3600
VERSION = 1
"""Raise it when the same specification gives another drawing: after an update of the renderer, or a change of this file."""


@dataclass(frozen=True)
class Drawing:
    """Both drawings of a figure. `failed`: there is none, and the page says so beside the table."""

    wide: SafeString
    narrow: SafeString

    @property
    def failed(self) -> bool:
        return not self.wide or not self.narrow


def drawings(figures: Mapping[str, Figure]) -> dict[str, Drawing]:
    """Every figure drawn, by its key. Those never drawn before are drawn together, in one start of the renderer."""
    specs = [spec for figure in figures.values() for spec in (figure.wide, figure.narrow)]
    drawn = iter(_drawn(specs))
    return {key: Drawing(wide=_inline(next(drawn)), narrow=_inline(next(drawn))) for key in figures}


def picture(spec: Spec, *, title: str, beneath: str) -> str:
    """A drawing as a file by itself: with its title, what must be said beside it, and a white ground. Empty where it failed."""
    titled = {
        "title": {"text": title, "subtitle": beneath, "anchor": "start", "fontWeight": "bold", "subtitleColor": TEXT,
                  "subtitlePadding": 4, "subtitleFontSize": LETTERS - 1, "offset": 14},
        "background": "#ffffff",
        "padding": 12,
    }  # fmt: skip
    return _drawn([{**spec, **titled}])[0]


def bitmap(svg: str) -> bytes:
    """The PNG of a picture; empty where it failed, which is logged."""
    try:
        return _run("png", text=svg)
    except (subprocess.SubprocessError, OSError):
        logger.exception("A bitmap could not be drawn.")
        return b""


def _drawn(specs: list[Spec]) -> list[str]:
    """The SVG of each; empty where the renderer failed, which is logged and not kept."""
    texts = [json.dumps(spec, sort_keys=True) for spec in specs]
    keys = [f"{VERSION}:{hashlib.sha256(text.encode()).hexdigest()}" for text in texts]
    kept = _kept(keys)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    new = dict(zip(missing, _rendered(missing.values()), strict=False)) if missing else {}
    _keep(new)
    return [kept.get(key) or new.get(key, "") for key in keys]


def _kept(keys: list[str]) -> dict[str, str]:
    """What was drawn before. A damaged file or a folder that cannot be read costs time, not the page."""
    try:
        return caches["figures"].get_many(keys)
    except Exception:  # whatever ails the files, they can be drawn again
        logger.exception("Kept figures could not be read.")
        return {}


def _keep(new: dict[str, str]) -> None:
    """What was drawn is kept; a full disk costs time, not the page."""
    try:
        caches["figures"].set_many(new, KEEP_SECONDS)
    except OSError:
        logger.exception("Drawn figures could not be kept.")


def _rendered(texts: Iterable[str]) -> list[str]:
    try:
        drawn: list[str] = json.loads(_run(text=f"[{','.join(texts)}]"))
    except (subprocess.SubprocessError, OSError, ValueError):
        logger.exception("Figures could not be drawn.")
        return []
    return drawn


def _run(*arguments: str, text: str) -> bytes:
    """What the renderer answers."""
    command = [sys.executable, "-m", RENDERER, *arguments]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=True, cwd=PROJECT, timeout=PATIENCE_SECONDS
    )
    return done.stdout


def _inline(svg: str) -> SafeString:
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)
    svg = re.sub(r'(<svg[^>]*?)\swidth="[\d.]+" height="[\d.]+"', r"\1", svg, count=1)
    # Our own renderer's output: it escaped every text in it.
    return SafeString(svg)
