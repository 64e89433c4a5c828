"""A real SMTP server for tests, that keeps what it gets and can refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """What arrived. ``refuse`` is the answer to the next messages: the SMTP reply per message, None to accept."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.refuse: list[str | None] = []
        self.url = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        refusal = self.refuse.pop(0) if self.refuse else None
        if refusal:
            return refusal
        self.messages.append(message_from_bytes(envelope.content))
        return "250 OK"


@contextmanager
def mailserver() -> Iterator[Mailbox]:
    """A running server on a free port of this machine."""
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailbox.url = f"smtp://127.0.0.1:{port}"
        yield mailbox
    finally:
        controller.stop()
