"""What comes in from Teams, read leniently: an unknown entity or an odd channelData must never become an error.

Teams stops delivering for hours to an endpoint that answers 500, and new kinds of entities appear without notice; so only the fields that
are used are read, and each is taken only when it has the expected form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from steunwijzer.masking import mask

KINDS = ("personal", "groupChat", "channel")
_MENTION = re.compile(r"<at[^>]*>(.*?)</at>", re.IGNORECASE | re.DOTALL)
_SPACES = re.compile(r"[ \t]+")


class Malformed(ValueError):
    """This is not an activity: no type, or no conversation."""


@dataclass(frozen=True)
class Incoming:
    """One activity from Teams. Ids are Teams' own; ``object_id`` is the person's Entra object id, ``channel`` the channel it is about.

    Texts are empty when absent.
    """

    type: str
    id: str
    channel_id: str
    service_url: str
    conversation_id: str
    kind: str
    tenants: frozenset[str]
    user_id: str
    object_id: str
    bot_id: str
    name: str = ""
    action: str = ""
    text: str = ""
    event: str = ""
    channel: str = ""
    reply_to: str = ""
    value: dict[str, Any] = field(default_factory=dict)
    members_added: frozenset[str] = frozenset()
    members_removed: frozenset[str] = frozenset()

    @property
    def tenant(self) -> str:
        """The tenant when the activity names exactly one."""
        return next(iter(self.tenants)) if len(self.tenants) == 1 else ""

    def masked(self) -> dict[str, Any]:
        """What may be kept until it is handled: the activity without personal data in its text; ``restored`` reads it back."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__}
        kept.update(text=mask(self.text).text, tenants=sorted(self.tenants), value=_masked(self.value))
        kept.update(members_added=sorted(self.members_added), members_removed=sorted(self.members_removed))
        return kept


def _masked(value: Any) -> Any:
    """The value of a card's button with what a person typed in its fields masked; ids and verbs have no spaces."""
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    return mask(value).text if isinstance(value, str) and " " in value else value


def restored(kept: Mapping[str, Any]) -> Incoming:
    """The activity behind :meth:`Incoming.masked`."""
    sets = {name: frozenset(kept[name]) for name in ("tenants", "members_added", "members_removed")}
    return Incoming(**{**kept, **sets})


def parse(body: object) -> Incoming:
    """An activity from decoded JSON.

    Raises:
        Malformed: when it has no type or conversation, or a message or invoke has no id.
    """
    if not isinstance(body, Mapping):
        raise Malformed("not an object")
    conversation, sender, recipient = _mapping(body, "conversation"), _mapping(body, "from"), _mapping(body, "recipient")
    data = _mapping(body, "channelData")
    kind = _string(body, "type")
    conversation_id = _string(conversation, "id", 400)
    identity = _string(body, "id", 200)
    if not kind or not conversation_id:
        raise Malformed("type or conversation is missing")
    if kind in ("message", "invoke") and not identity:
        raise Malformed("the id is missing")
    conversation_kind = _string(conversation, "conversationType")
    bot_id = _string(recipient, "id", 200)
    return Incoming(
        type=kind,
        id=identity,
        channel_id=_string(body, "channelId"),
        service_url=_string(body, "serviceUrl", 400),
        conversation_id=conversation_id,
        kind=conversation_kind if conversation_kind in KINDS else "groupChat",
        tenants=frozenset(filter(None, (_string(conversation, "tenantId", 64).lower(), _string(_mapping(data, "tenant"), "id", 64).lower()))),
        user_id=_string(sender, "id", 200),
        object_id=_string(sender, "aadObjectId", 64).lower(),
        bot_id=bot_id,
        name=_string(body, "name"),
        action=_string(body, "action"),
        text=_spoken(body, bot_id),
        event=_string(data, "eventType"),
        channel=_string(_mapping(data, "channel"), "id", 400),
        reply_to=_string(body, "replyToId", 200),
        value=dict(_mapping(body, "value")),
        members_added=_ids(body, "membersAdded"),
        members_removed=_ids(body, "membersRemoved"),
    )


def _mapping(source: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = source.get(key)
    return value if isinstance(value, Mapping) else {}


def _list(source: Mapping[str, Any], key: str) -> list[Any]:
    value = source.get(key)
    return value if isinstance(value, list) else []


def _string(source: Mapping[str, Any], key: str, longest: int = 100) -> str:
    """A text of at most ``longest`` characters; anything else counts as absent, for a shortened id would be another id."""
    value = source.get(key)
    return value if isinstance(value, str) and len(value) <= longest else ""


def _ids(body: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(filter(None, (_string(each, "id", 200) for each in _list(body, key) if isinstance(each, Mapping))))


def _spoken(body: Mapping[str, Any], bot_id: str) -> str:
    """The text as the person meant it: without the mention of this bot; other mentions become the plain name."""
    text = body.get("text")
    if not isinstance(text, str):
        return ""
    for entity in _list(body, "entities"):
        if isinstance(entity, Mapping) and entity.get("type") == "mention":
            mention = _string(entity, "text", 300)
            if mention and bot_id and _string(_mapping(entity, "mentioned"), "id", 200) == bot_id:
                text = text.replace(mention, " ")
    text = _MENTION.sub(r"\1", text).replace("&nbsp;", " ").replace("\xa0", " ")
    return _SPACES.sub(" ", text).strip()
