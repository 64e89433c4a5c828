"""Adaptive Cards, version 1.5, the newest that every Teams client shows. Made from what the database says now, so a card can be made again.

A button is ``Action.Execute`` (answered with a new card) with ``Action.Submit`` as fallback; both carry the same ``data``, verb and ids.
A button that stands for words is an ``Action.Submit`` that has Teams send those words (``messageBack``), and says that they come from a button.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.teams import texts
from steunwijzer import calendar_nl, directory, handoff_reading, placement_overview, placements
from steunwijzer.answers import answers
from steunwijzer.db import utcnow
from steunwijzer.directory import Coach
from steunwijzer.handoff_request import WAITING, Request
from steunwijzer.settings import get_settings
from steunwijzer.teams_package import CHAT_COMMANDS, COMMANDS

Element = dict[str, Any]

VERSION = "1.5"
CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
MAX_ACTIONS = 6
MAX_LISTED = 8
MAX_COLLEAGUES = 25
_COLOURS: Mapping[str, str] = {"groen": "Good", "oranje": "Warning", "rood": "Attention"}


def card(body: Sequence[Element], actions: Sequence[Element] = (), *, plain: str) -> Element:
    """A card; ``plain`` is what a client shows that has no cards."""
    made: Element = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": "nl",
        "fallbackText": plain,
        "body": list(body),
    }
    if actions:
        made["actions"] = list(actions)[:MAX_ACTIONS]
    return made


def text(words: str, **style: Any) -> Element:
    """A paragraph of our own words (Markdown)."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def title(words: str) -> Element:
    """A heading."""
    return text(words, weight="Bolder", size="Medium", style="heading")


def words_of_others(words: str, **style: Any) -> Element:
    """A paragraph of somebody else's words: text runs are never read as Markdown."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words, **style}]}


def facts(pairs: Iterable[tuple[str, str | None]]) -> Element:
    """Names with values; values that are None are left out."""
    return {"type": "FactSet", "facts": [{"title": name, "value": texts.escaped(value)} for name, value in pairs if value]}


def execute(label: str, verb: str, style: str | None = None, **data: Any) -> Element:
    """A button that does something with a request."""
    payload = {"verb": verb, **data}
    made: Element = {"type": "Action.Execute", "title": label, "verb": verb, "data": payload}
    if style:
        made["style"] = style
    return {**made, "fallback": {**{key: value for key, value in made.items() if key != "verb"}, "type": "Action.Submit"}}


def say(label: str, words: str) -> Element:
    """A button that says something to the assistant, as if the person had typed it; never to the employer a coach is chatting with."""
    value = {"verb": "say", "text": words}
    back = {"type": "messageBack", "displayText": words, "text": words, "value": value}
    return {"type": "Action.Submit", "title": label[:60], "data": {**value, "msteams": back}}


def show(label: str, body: Sequence[Element], action: Element) -> Element:
    """A button that opens a small form."""
    return {
        "type": "Action.ShowCard",
        "title": label,
        "card": {"type": "AdaptiveCard", "version": VERSION, "body": list(body), "actions": [action]},
    }


# The assistant's answers ----------------------------------------------------------------------------------------------------------


def needs_card(payload: Mapping[str, Any], suggests: bool) -> bool:
    """Whether a message of the assistant needs a card behind its text; where it may, bare buttons are suggested actions instead."""
    return bool(payload.get("sources") or payload.get("files") or payload.get("card") or (payload.get("buttons") and not suggests))


def answer_card(payload: Mapping[str, Any]) -> Element:
    """Steps, sources, files and next questions of one message of the assistant."""
    body: list[Element] = []
    shown = payload.get("card")
    if isinstance(shown, Mapping):
        body += _shown(shown)
    sources = [_link(each) for each in payload.get("sources") or []]
    if sources:
        checked = f" (nagekeken {payload['checked']})" if payload.get("checked") else ""
        body.append(text(f"Bronnen{checked}", size="Small", weight="Bolder"))
        body += [text(each, size="Small", spacing="None") for each in sources]
    actions = [
        {"type": "Action.OpenUrl", "title": str(each["title"])[:60], "url": _absolute(str(each["url"]))} for each in payload.get("files") or []
    ]
    actions += [say(str(each["title"]), str(each["value"])) for each in payload.get("buttons") or []]
    if not body:
        body.append(text("Kies hoe je verder wilt." if actions else " ", size="Small"))
    return card(body, actions, plain="Bronnen en vervolgvragen")


def suggested_actions(payload: Mapping[str, Any]) -> list[dict[str, str]]:
    """The buttons of a message as suggested actions: only for a personal chat, where Teams shows them."""
    return [
        {"type": "imBack", "title": str(each["title"])[:60], "value": str(each["value"])} for each in (payload.get("buttons") or [])[:MAX_ACTIONS]
    ]


def _shown(shown: Mapping[str, Any]) -> list[Element]:
    body: list[Element] = []
    if isinstance(shown.get("title"), str):
        body.append(words_of_others(shown["title"], weight="Bolder"))
    if isinstance(shown.get("colour"), str) and shown["colour"] in _COLOURS:
        body.append(text(shown["colour"].capitalize(), weight="Bolder", color=_COLOURS[shown["colour"]]))
    for key in ("lines", "steps", "reasons"):
        for each in shown.get(key) or []:
            if isinstance(each, str):
                body.append(words_of_others(each))
    if isinstance(shown.get("advice"), str):
        body.append(words_of_others(shown["advice"]))
    return body


def _link(source: Mapping[str, Any]) -> str:
    name, url = texts.escaped(str(source["title"])), str(source.get("url") or "")
    return f"[{name}]({url.replace(')', '%29')})" if url.startswith(("https://", "http://")) else name


def _absolute(url: str) -> str:
    return url if url.startswith("http") else get_settings().public_url.rstrip("/") + "/" + url.lstrip("/")


# Requests -------------------------------------------------------------------------------------------------------------------------


def topic_title(request: Request) -> str | None:
    """What the request is about, as people read it."""
    return answers().title(request.topic) if request.topic else None


def kind_title(request: Request) -> str:
    """What kind of request it is and where from."""
    return f"{'Terugbelverzoek' if request.kind == 'callback' else 'Verzoek'} uit {request.place}"


def who(request: Request) -> str:
    """How the visitor is called in the chat: the name given, or where from."""
    return request.name or f"Werkgever uit {request.place}"


def request_card(request: Request, viewer: Coach, current: bool = False) -> Element:
    """A request as one coach may see it now; contact data only for who took it. ``current``: the chat here is with this visitor."""
    taken_by = directory.coach(request.coach_id) if request.coach_id else None
    mine = taken_by is not None and taken_by.id == viewer.id
    if request.state in WAITING:
        return _offer(request, viewer, taken_by, mine)
    if request.state == "accepted" and mine:
        return _accepted(request, current)
    moment = request.closed or request.accepted or request.changed
    name = "jou" if mine else (taken_by.name if taken_by else "een collega")
    outcome = {
        "accepted": f"Opgepakt door {name}, {calendar_nl.moment_in_words(moment)}.",
        "closed": f"Afgesloten door {name}, {calendar_nl.moment_in_words(moment)}.",
        "cancelled": f"Ingetrokken door de werkgever, {calendar_nl.moment_in_words(moment)}. Je hoeft niets te doen.",
    }[request.state]
    body = [title(kind_title(request)), text(texts.escaped(outcome), weight="Bolder"), _about(request, contact=False)]
    return card(body, plain=f"{kind_title(request)}: {outcome}")


def _about(request: Request, *, contact: bool) -> Element:
    return facts(
        [
            ("Regio", request.region_name),
            ("Plaats", request.place),
            ("Onderwerp", topic_title(request)),
            ("Wanneer", request.wanted),
            ("Naam", request.name if contact else None),
            ("Contact", (request.contact or "geen; chat met de werkgever hieronder") if contact else None),
        ]
    )


def _offer(request: Request, viewer: Coach, asked: Coach | None, mine: bool) -> Element:
    head = f"{texts.waiting(request.created)} geleden gestuurd"
    if request.due and mine:
        head += f". Reageer uiterlijk {calendar_nl.moment_in_words(request.due)}; daarna vragen we een collega."
    elif asked and not mine:
        head = f"Staat nu bij {asked.name}. Je kunt de aanvraag nog aannemen."
    else:
        head += ". Nog niemand heeft de aanvraag aangenomen."
    body = [
        title(kind_title(request)),
        text(texts.escaped(head[0].upper() + head[1:]), isSubtle=True),
        _about(request, contact=False),
        words_of_others(request.subject),
        text("De contactgegevens zie je als je de aanvraag aanneemt.", size="Small", isSubtle=True),
    ]
    identity = {"request": request.id}
    actions = [execute("Accepteren", "accept", "positive", **identity)]
    if mine:
        actions.append(_pass_on(request, viewer))
    if request.phone and request.kind == "handoff":
        actions.append(execute("Terugbellen", "call_back", **identity))
    return card(body, actions, plain=f"{kind_title(request)}. Typ 'mijn aanvragen' om te reageren.")


def _accepted(request: Request, current: bool) -> Element:
    body = [title(kind_title(request)), text("Opgepakt door jou.", weight="Bolder", color="Good"), _about(request, contact=True)]
    body.append(words_of_others(request.subject))
    chat = request.kind == "handoff" and request.conversation_id is not None
    if chat and current:
        body.append(text("Wat je hier typt, gaat naar de werkgever. Typ /vraag om iets aan de assistent te vragen.", isSubtle=True))
    elif chat:
        body.append(text("De assistent antwoordt de werkgever nu. Kies 'Chatten' om het over te nemen.", isSubtle=True))
    identity = {"request": request.id}
    note = {"type": "Input.Text", "id": "note", "label": "Notitie", "isMultiline": True, "maxLength": 2000}
    actions = [
        *([execute("Chatten", "chat", "positive", **identity)] if chat and not current else []),
        show("Notitie", [note], execute("Bewaren", "note", **identity)),
        *([execute("Terug naar assistent", "give_back", **identity)] if chat and current else []),
        _pass_on(request, directory.coach(request.coach_id or "")),
        execute("Afsluiten", "close", **identity),
    ]
    return card(body, actions, plain=f"{kind_title(request)}: opgepakt door jou.")


def _pass_on(request: Request, viewer: Coach) -> Element:
    colleagues = [each for each in directory.serving(request.region, request.gemeenten) if each.id != viewer.id][:MAX_COLLEAGUES]
    action = execute("Doorgeven", "pass_on", request=request.id)
    choices = [{"title": "De eerstvolgende collega", "value": ""}] + [{"title": each.name, "value": each.id} for each in colleagues]
    picker = {"type": "Input.ChoiceSet", "id": "to", "label": "Aan wie", "value": "", "choices": choices}
    return show("Doorgeven", [picker], action) if colleagues else action


def requests_card(coach: Coach) -> Element:
    """``mijn aanvragen``: what the coach has taken, and what waits in the area."""
    mine, waiting = handoff_reading.mine(coach.id), handoff_reading.queue(coach.id)
    body: list[Element] = [title("Mijn aanvragen")]
    if coach.away(utcnow()):
        body.append(text("Je staat op afwezig. Typ 'beschikbaar' om weer aanvragen te krijgen.", color="Warning"))
    body.append(text(f"Aangenomen ({len(mine)})", weight="Bolder"))
    body += [_listed(each, "Openen") for each in mine[:MAX_LISTED]] or [text("Je hebt nu geen aanvragen.", isSubtle=True)]
    body.append(text(f"Wacht op een coach ({len(waiting)})", weight="Bolder"))
    body += [_listed(each, "Bekijken") for each in waiting[:MAX_LISTED]] or [text("Er wacht niets in jouw werkgebied.", isSubtle=True)]
    left = max(0, len(mine) - MAX_LISTED) + max(0, len(waiting) - MAX_LISTED)
    if left:
        body.append(text(f"En nog {left}. De hele lijst staat op de werkplek: {get_settings().public_url.rstrip('/')}/desk", size="Small"))
    return card(body, plain=f"{len(mine)} aangenomen, {len(waiting)} wachten")


def _listed(request: Request, label: str) -> Element:
    taken = request.accepted if request.state == "accepted" else None
    how_long = f"Aangenomen, {texts.waiting(taken)} geleden" if taken else f"Wacht {texts.waiting(request.created)}"
    line = f"{how_long} · {topic_title(request) or 'geen onderwerp'}"
    details = [
        text(texts.escaped(f"{kind_title(request)} ({request.region_name})"), weight="Bolder"),
        text(texts.escaped(line), spacing="None", isSubtle=True),
    ]
    button = {"type": "ActionSet", "actions": [execute(label, "show", request=request.id)]}
    columns = [
        {"type": "Column", "width": "stretch", "items": details},
        {"type": "Column", "width": "auto", "verticalContentAlignment": "Center", "items": [button]},
    ]
    return {"type": "ColumnSet", "separator": True, "columns": columns}


# Other lists ----------------------------------------------------------------------------------------------------------------------


def placements_card(coach: Coach) -> Element:
    """``plaatsingen``: what the coach follows, worst colour first; nicknames, never names of employees.

    How it goes is shown only when the employer agreed that the coach is told.
    """
    running = [each for each in placement_overview.overviews(placements.of_coach(coach.id)) if each.placement.ended is None]
    shown = {each.placement.id: each.colour if each.placement.alert_coach else None for each in running}
    running.sort(key=lambda each: (["rood", "oranje", "groen", None].index(shown[each.placement.id]), each.placement.nickname))
    body: list[Element] = [title(f"Plaatsingen ({len(running)})")]
    for each in running[: MAX_LISTED * 2]:
        last = _last_checkin(each.checkins[-1]) if each.checkins else "nog geen check-in"
        coming = f" · volgende {calendar_nl.day_in_words(each.next_due)}" if each.next_due else ""
        body.append(words_of_others(each.placement.nickname, weight="Bolder"))
        shared = each.placement.alert_coach
        colour = shown[each.placement.id] or ("nog geen kleur" if shared else "kleur niet gedeeld")
        body.append(text(f"{colour.capitalize()} · {last}{coming}", spacing="None", color=_COLOURS.get(colour, "Default")))
        if shared and each.checkins and each.checkins[-1].reasons:
            body.append(words_of_others("; ".join(each.checkins[-1].reasons), isSubtle=True))
    if not running:
        body.append(text("Je volgt nu geen plaatsingen.", isSubtle=True))
    return card(body, plain=f"{len(running)} plaatsingen")


def _last_checkin(checkin: placements.Checkin) -> str:
    if checkin.answered is None:
        return f"check-in van {calendar_nl.day_in_words(checkin.due)} niet ingevuld"
    return f"laatste check-in {calendar_nl.day_in_words(checkin.answered.astimezone(calendar_nl.AMSTERDAM).date())}"


def alert_card(overview: placement_overview.Overview, checkin: placements.Checkin) -> Element:
    """That a check-in came out red, with what to do first."""
    body = [
        title("Rood bij een plaatsing"),
        words_of_others(overview.placement.nickname, weight="Bolder"),
        text("Rood", weight="Bolder", color=_COLOURS["rood"]),
        *[words_of_others(each) for each in checkin.reasons],
        text("De werkgever weet dat je dit ziet. Neem vandaag contact op."),
    ]
    return card(body, [say("Plaatsingen", "plaatsingen")], plain="Rood bij een plaatsing. Typ 'plaatsingen' om te kijken.")


def help_card() -> Element:
    """``help``: what a coach can type, with buttons for the commands that need nothing more."""
    rows = [{"title": each.title, "value": each.description} for each in COMMANDS]
    chat = [{"title": each.title, "value": each.description} for each in CHAT_COMMANDS]
    body = [
        title("Dit kun je typen"),
        {"type": "FactSet", "facts": rows},
        text("Tijdens een gesprek met een werkgever", weight="Bolder"),
        {"type": "FactSet", "facts": chat},
        text("Alles wat je anders typt, is een vraag aan de assistent, of een bericht aan de werkgever met wie je chat.", isSubtle=True),
    ]
    buttons = [say(each.title.capitalize(), each.title) for each in COMMANDS if each.title in ("mijn aanvragen", "beschikbaar", "plaatsingen")]
    return card(body, buttons, plain="Typ: " + ", ".join(each.title for each in COMMANDS))


def erased_card() -> Element:
    """What is left of a card when the visitor had the data removed."""
    return card([text(texts.ERASED)], plain=texts.ERASED)


def notice_card(words: str) -> Element:
    """A card that only says something, in answer to a button."""
    return card([text(words)], plain=words)
