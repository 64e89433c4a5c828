"""What a text says about a place: found, a guess to confirm, a choice, a place abroad, or nothing, with the question to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from steunwijzer.regions import Gemeente, Name, Region, key_of, place_data

Kind = Literal["found", "confirm", "choose", "foreign", "unknown"]
MAX_OPTIONS = 6


@dataclass(frozen=True)
class Place:
    """One thing that a text can mean: a name in one or more gemeenten of ONE region, or a region as a whole (no gemeenten).

    ``label`` is what a button shows; the same words, typed, lead to exactly this place.
    """

    name: str
    label: str
    region: Region
    gemeenten: tuple[Gemeente, ...] = ()

    @property
    def gemeente(self) -> Gemeente | None:
        """The gemeente, when there is exactly one."""
        return self.gemeenten[0] if len(self.gemeenten) == 1 else None


@dataclass(frozen=True)
class PlaceResult:
    """What a text says about a place.

    ``found``: ``place`` is set. ``confirm``: ``place`` is a guess to confirm, ``options`` holds it. ``choose``: ``options`` are to be
    asked. ``foreign``: ``country`` is set. ``unknown``: nothing is known. ``question`` is what to ask or say, in Dutch.
    """

    kind: Kind
    place: Place | None = None
    options: tuple[Place, ...] = ()
    country: str | None = None
    question: str = ""

    @property
    def region(self) -> Region | None:
        """The region found, or None while something has to be asked."""
        return self.place.region if self.place and self.kind == "found" else None

    @property
    def gemeente(self) -> Gemeente | None:
        """The gemeente found, when it is known exactly."""
        return self.place.gemeente if self.place and self.kind == "found" else None


def result_of(names: Iterable[Name]) -> PlaceResult:
    """The one place that the names mean, or the question which of them."""
    options = options_of(list(names))
    if len(options) == 1:
        return PlaceResult("found", options[0])
    shown = {option.name for option in options}
    question = f"Er is meer dan één plaats met de naam {shown.pop()}. Welke bedoelt u?" if len(shown) == 1 else "Welke plaats bedoelt u?"
    return PlaceResult("choose", options=options[:MAX_OPTIONS], question=question)


def options_of(names: list[Name]) -> tuple[Place, ...]:
    """One place per region: a name in two gemeenten of the same region needs no question."""
    by_region: dict[str, list[Name]] = {}
    for name in sorted(names, key=lambda name: -name.weight):
        by_region.setdefault(name.region.code, []).append(name)
    name_counts = Counter(group[0].name for group in by_region.values())
    places: list[Place] = []
    for group in by_region.values():
        first = group[0]
        gemeenten = tuple(dict.fromkeys(name.gemeente for name in group if name.gemeente))
        # The gemeente that bears the name itself is meant, not the hamlet next door.
        own = tuple(each for each in gemeenten if key_of(each.shown_as) == key_of(first.name))
        places.append(
            Place(first.name, _label(first, name_counts[first.name] > 1 or _ambiguous(first.name)), first.region, own or gemeenten)
        )
    return tuple(places)


def _ambiguous(name: str) -> bool:
    return len({other.region for other in place_data().names.get(key_of(name), ())}) > 1


def _label(name: Name, several: bool) -> str:
    if not several:
        return name.name if name.gemeente else f"regio {name.region.spoken}"
    if name.gemeente is None:
        return f"regio {name.region.spoken}"
    if key_of(name.gemeente.shown_as) == key_of(name.name) and name.gemeente.province:
        return f"{name.name} ({name.gemeente.province})"
    return f"{name.name} (gemeente {name.gemeente.shown_as})"


def too_wide(key: str) -> PlaceResult:
    """A province is too wide to know the region: ask the gemeente, or choose where few regions share it."""
    if key == "drenthe":
        data = place_data()
        emmen, assen, meppel = (data.gemeenten[code] for code in ("GM0114", "GM0106", "GM0119"))
        options = tuple(
            Place(f"{each.shown_as} en omgeving", f"{each.shown_as} en omgeving", each.region) for each in (emmen, assen, meppel)
        )
        return PlaceResult("choose", options=options, question="Drenthe hoort bij drie regio's. Bij welke plaats is het in de buurt?")
    return PlaceResult("unknown", question="In dat gebied liggen meer regio's. In welke gemeente is het?")


def lies_abroad(key: str) -> PlaceResult:
    """The answer to a place outside the Netherlands."""
    country = place_data().abroad[key]
    return PlaceResult(
        "foreign",
        country=country,
        question=f"Dat ligt buiten Nederland ({country}). Onze coaches werken in Nederland. "
        "Is er ook een werkplek in Nederland? Noem dan die plaats.",
    )


def unknown_place() -> PlaceResult:
    """The answer to what no place is read in."""
    return PlaceResult("unknown", question="Die plaats ken ik niet. In welke gemeente is het? De postcode mag ook.")
