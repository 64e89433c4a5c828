"""What coaches are told about requests by mail."""

from __future__ import annotations

from steunwijzer import calendar_nl, mail, outbox
from steunwijzer.handoff_reading import get
from steunwijzer.handoff_request import Request, State, UnknownRequest
from steunwijzer.settings import get_settings


@mail.writes("request.offered")
def _offer_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = still(delivery, "requested")
    what = "Terugbelverzoek" if row.kind == "callback" else "Verzoek"
    until = f"Je kunt reageren tot {calendar_nl.moment_in_words(row.due)}. Daarna vragen we een collega.\n\n" if row.due else ""
    when = f"Wanneer: {row.wanted}\n" if row.wanted else ""
    return mail.Mail(
        delivery.recipient,
        f"{what} uit {row.place} ({row.region_name})",
        f"Er is een verzoek van een werkgever voor jou.\n\nWaar het over gaat: {row.subject}\nPlaats: {row.place}\n{when}\n{until}"
        f"Bekijk het verzoek en neem het aan: {get_settings().public_url.rstrip('/')}/desk#{row.id}\n\n"
        "De contactgegevens staan bij het verzoek. Beantwoord deze mail niet.\n",
    )


@mail.writes("request.cancelled")
def _cancel_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = get(delivery.request_id or "")
    return mail.Mail(
        delivery.recipient,
        f"Ingetrokken: verzoek uit {row.place}",
        f"De werkgever heeft het verzoek uit {row.place} van {calendar_nl.moment_in_words(row.created)} ingetrokken. Je hoeft niets te doen.\n",
    )


@mail.writes("request.contact")
def _contact_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = get(delivery.request_id or "")
    if row.state != "accepted" or row.coach_id != delivery.payload.get("coach"):
        raise outbox.NotNeeded("the request has changed")
    return mail.Mail(
        delivery.recipient,
        f"Andere contactgegevens: verzoek uit {row.place}",
        f"De werkgever heeft bij het verzoek uit {row.place} een ander telefoonnummer of e-mailadres gegeven.\n\n"
        f"De nieuwe gegevens staan bij het verzoek: {get_settings().public_url.rstrip('/')}/desk#{row.id}\n",
    )


def still(delivery: outbox.Delivery, state: State) -> Request:
    """The request, if it still stands as when the message was made. Raises ``outbox.NotNeeded``."""
    try:
        row = get(delivery.request_id or "")
    except UnknownRequest:
        raise outbox.NotNeeded("the request is gone") from None
    if row.state != state or row.coach_id != delivery.payload.get("coach") or row.round != delivery.payload.get("round"):
        raise outbox.NotNeeded("the request has changed")
    return row
