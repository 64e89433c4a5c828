"""The app package for Microsoft Teams: manifest, icons and texts in Dutch, for a single-tenant bot.

The manifest follows Microsoft's published schema of ``SCHEMA_VERSION``; a test validates it with Microsoft's own package.
"""

from __future__ import annotations

import io
import json
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from steunwijzer.settings import Settings

SCHEMA_VERSION = "1.25"
VERSION = "1.0.0"
ACCENT = (21, 66, 115)
# The namespace in which the app's own id is derived from the bot's: the same installation always gives the same app.
_NAMESPACE = uuid.UUID("6d0c2a66-6f4e-5e0b-9d53-0b8a1f5d7c11")
_MAX_COMMANDS = 12


class PackageError(ValueError):
    """The settings do not allow a package; the text says which and what to do (Dutch)."""


@dataclass(frozen=True)
class Command:
    """One line of a command list: what is typed, and what it does (at most 32 and 128 characters are shown)."""

    title: str
    description: str


COMMANDS = (
    Command("mijn aanvragen", "Wat er wacht en wat je hebt aangenomen"),
    Command("beschikbaar", "Je krijgt weer aanvragen"),
    Command("afwezig tot vrijdag", "Je krijgt geen aanvragen tot die dag"),
    Command("plaatsingen", "De plaatsingen die je volgt, met hun kleur"),
    Command("help", "Wat ik voor je kan doen"),
)
CHAT_COMMANDS = (
    Command("/notitie", "Een notitie bij de aanvraag; de werkgever ziet die niet"),
    Command("/vraag", "Iets aan de assistent vragen tijdens een gesprek"),
    Command("/terug naar assistent", "De assistent antwoordt de werkgever weer; de aanvraag blijft van jou"),
    Command("/sluit", "De aanvraag afsluiten"),
)
PUBLIC_COMMANDS = (
    Command("Omgaan met faalangst", "Wat helpt op het werk"),
    Command("Omgaan met impulsief gedrag", "Wat helpt op het werk"),
    Command("Omgaan met concentratieproblemen", "Wat helpt op het werk"),
)


def manifest(settings: Settings) -> dict[str, Any]:
    """The manifest for these settings.

    Raises:
        PackageError: when the app id is missing or no GUID, or the public address is not https.
    """
    try:
        bot = str(uuid.UUID(settings.teams_app_id or ""))
    except ValueError:
        raise PackageError(
            "STEUNWIJZER_TEAMS_APP_ID ontbreekt of is geen GUID. Neem het nummer over van de app-registratie in Entra (Application ID)."
        ) from None
    address = urlsplit(settings.public_url)
    if address.scheme != "https" or not address.hostname:
        raise PackageError(
            "STEUNWIJZER_PUBLIC_URL moet een https-adres zijn waarop Microsoft deze server kan bereiken, bijvoorbeeld https://steunwijzer.example.org."
        )
    base = settings.public_url.rstrip("/")
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": VERSION,
        "id": str(uuid.uuid5(_NAMESPACE, bot)),
        "localizationInfo": {"defaultLanguageTag": "nl-nl"},
        "developer": {
            "name": "Steunwijzer",
            "websiteUrl": base,
            "privacyUrl": f"{base}/privacy.html",
            "termsOfUseUrl": f"{base}/privacy.html",
        },
        "name": {"short": "Steunwijzer", "full": "Steunwijzer voor coaches"},
        "description": {
            "short": "Aanvragen van werkgevers aannemen, chatten en plaatsingen volgen",
            "full": (
                "Steunwijzer is een digitale assistent over werk en psychische kwetsbaarheid. Als coach krijg je hier aanvragen "
                "van werkgevers uit je regio. Je neemt ze aan, geeft ze door of belt terug, en je chat met de werkgever vanuit Teams. "
                "Je volgt je plaatsingen en krijgt een seintje als een check-in rood is. Wie geen coach is, kan de assistent vragen "
                "stellen over werk."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#{:02X}{:02X}{:02X}".format(*ACCENT),
        "bots": [
            {
                "botId": bot,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {"scopes": ["personal"], "commands": _listed(COMMANDS + CHAT_COMMANDS)},
                    {"scopes": ["team", "groupChat"], "commands": _listed(PUBLIC_COMMANDS)},
                ],
            }
        ],
        "staticTabs": [
            {"entityId": "conversations", "scopes": ["personal"]},
            {
                "entityId": "werkplek",
                "name": "Werkplek",
                "contentUrl": f"{base}/desk",
                "websiteUrl": f"{base}/desk",
                "scopes": ["personal"],
            },
            {"entityId": "about", "scopes": ["personal"]},
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [address.hostname],
        "defaultInstallScope": "personal",
    }


def _listed(commands: tuple[Command, ...]) -> list[dict[str, str]]:
    return [{"title": command.title, "description": command.description} for command in commands[:_MAX_COMMANDS]]


def package(settings: Settings) -> bytes:
    """The zip to upload in the Teams admin center: always the same bytes for the same settings. Raises as :func:`manifest`."""
    files = {
        "manifest.json": json.dumps(manifest(settings), ensure_ascii=False, indent=2).encode() + b"\n",
        "color.png": color_icon(),
        "outline.png": outline_icon(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return made.getvalue()


def steps(path: Path, settings: Settings) -> str:
    """What an administrator does with the package, in order."""
    tenant = settings.teams_tenant_id or "<uw tenant-id>"
    endpoint = f"{settings.public_url.rstrip('/')}/api/messages"
    return f"""Het pakket staat in {path}. Zo neemt u het in gebruik:

1. Entra (entra.microsoft.com) > App-registraties > Nieuwe registratie.
   Kies "Alleen accounts in deze organisatie" (één tenant) en maak een clientgeheim.
2. Zet op de server:
   STEUNWIJZER_TEAMS_APP_ID={settings.teams_app_id}
   STEUNWIJZER_TEAMS_TENANT_ID={tenant}
   STEUNWIJZER_TEAMS_APP_SECRET=<het clientgeheim>
3. Azure (portal.azure.com) > Azure Bot > Maken.
   Type app: Single Tenant; gebruik het bestaande app-id van stap 1.
   Eindpunt voor berichten: {endpoint}
   Kanalen: voeg Microsoft Teams toe.
4. Teams-beheercentrum (admin.teams.microsoft.com) > Teams-apps > Apps beheren > Nieuwe app uploaden: kies {path.name}.
   Geef de app daarna vrij voor de coaches (en wie u verder wilt).
5. Zet in de lijst met coaches bij elke coach in de kolom 'teams' het object-id uit Entra, en lees de lijst in:
   steunwijzer coaches import coaches.csv
6. Elke coach voegt de app Steunwijzer toe in Teams en ziet het welkomstbericht."""


# Icons ----------------------------------------------------------------------------------------------------------------------------
# A speech balloon with a check mark, drawn from its geometry: no image library, and the same bytes everywhere.


@lru_cache(maxsize=1)
def color_icon() -> bytes:
    """192 by 192 pixels in colour, filled to the edge."""
    white, ground = (255, 255, 255, 255), (*ACCENT, 255)
    return _png(192, lambda x, y: _mixed(ground, white, _balloon(x, y) * (1 - _check(x, y))))


@lru_cache(maxsize=1)
def outline_icon() -> bytes:
    """32 by 32 pixels, white on transparent, as Teams wants it."""
    return _png(32, lambda x, y: (255, 255, 255, round(255 * _balloon(x, y) * (1 - _check(x, y)))), zoom=0.8)


def _balloon(x: float, y: float) -> float:
    """1 inside the balloon, 0 outside; coordinates from 0 to 1."""
    left, right, top, bottom, radius = 0.16, 0.84, 0.18, 0.68, 0.12
    near_x, near_y = min(max(x, left + radius), right - radius), min(max(y, top + radius), bottom - radius)
    if (x - near_x) ** 2 + (y - near_y) ** 2 <= radius**2:
        return 1.0
    # The tail: a triangle below the left half.
    return float(bottom - 0.01 <= y <= 0.86 and 0.3 <= x <= 0.3 + (0.86 - y) * 1.1)


def _check(x: float, y: float) -> float:
    strokes = (((0.34, 0.43), (0.46, 0.54)), ((0.46, 0.54), (0.67, 0.32)))
    return float(any(_distance(x, y, *start, *end) <= 0.045 for start, end in strokes))


def _distance(x: float, y: float, x1: float, y1: float, x2: float, y2: float) -> float:
    along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
    along = min(1.0, max(0.0, along))
    return float(((x - x1 - along * (x2 - x1)) ** 2 + (y - y1 - along * (y2 - y1)) ** 2) ** 0.5)


def _mixed(one: tuple[int, ...], other: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _png(size: int, pixel: Callable[[float, float], tuple[int, ...]], *, zoom: float = 1.0, samples: int = 3) -> bytes:
    """A PNG of ``size`` by ``size``; each pixel is the mean of ``samples`` by ``samples`` points, so that edges are smooth.

    ``zoom`` below 1 makes the drawing larger.
    """

    def place(index: int, sample: int) -> float:
        return ((index + (sample + 0.5) / samples) / size - 0.5) * zoom + 0.5

    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            points = [pixel(place(column, i), place(row, j)) for i in range(samples) for j in range(samples)]
            rows += bytes(round(sum(channel) / len(points)) for channel in zip(*points, strict=True))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
