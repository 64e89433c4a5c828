"""Mail through the outbox: SMTP, one message per row, with a message id that stays the same over attempts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
from sqlalchemy.orm import Session

from steunwijzer import outbox
from steunwijzer.db import utcnow
from steunwijzer.outbox import Delivery, PermanentFailure, TemporaryFailure, Uncertain
from steunwijzer.settings import get_settings

CHANNEL = "mail"
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Mail:
    """What a message says: address, subject and plain text; ``attachments`` are (file name, MIME type, content)."""

    to: str
    subject: str
    text: str
    attachments: tuple[tuple[str, str, bytes], ...] = ()


# Makes the mail of one kind when it is about to be sent; raises outbox.NotNeeded when it should not be sent any more.
Writer = Callable[[Delivery], Mail]
_WRITERS: dict[str, Writer] = {}


def writes(kind: str) -> Callable[[Writer], Writer]:
    """Decorator: this function writes the mails of ``kind``."""

    def register(writer: Writer) -> Writer:
        _WRITERS[kind] = writer
        return writer

    return register


def configured() -> bool:
    """Whether this installation can send mail."""
    return get_settings().smtp_url is not None


def enqueue(session: Session, *, key: str, kind: str, recipient: str, payload: dict[str, object], request_id: str | None = None) -> bool:
    """Put a mail in the outbox; False when mail is not configured or ``key`` was there already."""
    return configured() and outbox.add(
        session, key=key, channel=CHANNEL, kind=kind, recipient=recipient, payload=payload, request_id=request_id
    )


def message(delivery: Delivery) -> EmailMessage:
    """The mail of a delivery, complete with headers. Raises ``PermanentFailure`` for an unknown kind."""
    writer = _WRITERS.get(delivery.kind)
    if writer is None:
        raise PermanentFailure(f"no writer for {delivery.kind}")
    mail = writer(delivery)
    sender_name, sender = parseaddr(get_settings().mail_from)
    made = EmailMessage()
    made["From"] = Address(sender_name, addr_spec=sender)
    made["To"] = Address(addr_spec=mail.to)
    made["Subject"] = " ".join(mail.subject.split())
    made["Date"] = format_datetime(utcnow())
    made["Message-ID"] = f"<{hashlib.sha256(delivery.key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = "nl"
    made.set_content(mail.text)
    for name, mime, content in mail.attachments:
        main, _, sub = mime.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


async def send(delivery: Delivery) -> None:
    """Send one mail (an ``outbox.Sender``). Raises the failures of the outbox."""
    settings = get_settings()
    if settings.smtp_url is None:
        raise TemporaryFailure("mail is not configured")
    url = urlsplit(settings.smtp_url.get_secret_value())
    mail = message(delivery)
    sender = parseaddr(settings.mail_from)[1]
    client = aiosmtplib.SMTP(
        hostname=url.hostname or "localhost",
        port=url.port or (465 if url.scheme == "smtps" else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        timeout=TIMEOUT_SECONDS,
    )
    handed_over = False
    try:
        await client.connect()
        await client.mail(sender)
        await client.rcpt(mail["To"].addresses[0].addr_spec)
        await delivery.point_of_no_return()
        handed_over = True
        await client.data(mail.as_bytes())
    except aiosmtplib.SMTPResponseException as error:
        # A refusal is certain: the server did not take the mail.
        _raise_for(error.code)
    except (aiosmtplib.SMTPException, OSError) as error:
        if handed_over:
            raise Uncertain(type(error).__name__) from error
        raise TemporaryFailure(type(error).__name__) from error
    finally:
        client.close()


def _raise_for(code: int) -> None:
    if 500 <= code < 600:
        raise PermanentFailure(f"smtp {code}")
    raise TemporaryFailure(f"smtp {code}")
