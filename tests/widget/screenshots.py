"""Photographs every state of the widget for `docs/screenshots`: `python tests/widget/screenshots.py [state …]`.

One sheet per state: 320, 768 and 1280 px wide, above in light colours, below in dark.
"""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

from browser import Server, Visit
from conftest import chromium_driver, running_server
from PIL import Image
from states import STATES

OUT = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SIZES = ((320, 640), (768, 640), (1280, 640))
GAP = 16


def sheet(visit: Visit, server: Server, state: str) -> Image.Image:
    """Brings the visit to the state once per width, because a bubble on a phone is another than one on a desk."""
    pictures: dict[tuple[int, str], Image.Image] = {}
    for width, height in SIZES:
        visit.forget()
        server.control(sockets_allowed=True, down=False, limited=0, delay=0)
        visit.size(width, height)
        visit.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
        STATES[state](visit)
        for theme in ("light", "dark"):
            visit.media(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
            time.sleep(0.25)
            pictures[width, theme] = Image.open(io.BytesIO(visit.driver.get_screenshot_as_png())).convert("RGB")
    server.control(down=False)
    total = Image.new("RGB", (sum(w for w, _ in SIZES) + GAP * 4, SIZES[0][1] * 2 + GAP * 3), "#888")
    for row, theme in enumerate(("light", "dark")):
        x = GAP
        for width, height in SIZES:
            total.paste(pictures[width, theme], (x, GAP + row * (height + GAP)))
            x += width + GAP
    return total.quantize(96, dither=Image.Dither.NONE)


def main(states: list[str]) -> None:
    """Makes the sheets of the states named, or of all."""
    OUT.mkdir(parents=True, exist_ok=True)
    with running_server() as server, chromium_driver() as driver:
        visit = Visit(driver, server)
        for state in states or STATES:
            sheet(visit, server, state).save(OUT / f"{state.replace('_', '-')}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
