"""What leaves and what goes: mails about placements and reviews, and keeping placements and papers no longer than said.

Importing this module is enough: it registers its mail writers and takes part in `privacy`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from steunwijzer import checkins, mail, models, papers, placement_overview, placements, privacy
from steunwijzer.db import utcnow
from steunwijzer.dutch_dates import day_text
from steunwijzer.outbox import Delivery, NotNeeded
from steunwijzer.settings import get_settings

CHECKIN_PATH = "/check-in"
"""Page on which a mailed check-in is filled in: `{public_url}/check-in/{token}`."""

_CLOSING = "\n\nDit bericht is automatisch verstuurd door Steunwijzer. Er staan geen namen of gegevens over gezondheid in."


def run_daily(today: date | None = None) -> dict[str, int]:
    """Everything that must happen once a day; safe to run more often. Gives how many check-ins and reminders were put on their way."""
    day = today or utcnow().date()
    return {"checkins": len(checkins.ask_due(day)), "reminders": papers.send_reminders(day)}


@mail.writes("checkin")
def _checkin(delivery: Delivery) -> mail.Mail:
    token = checkins.checkin_token(delivery.payload["checkin_id"])
    try:
        checkin, placement = checkins.by_token(token)
    except placements.PlacementError as gone:
        raise NotNeeded("answered or gone") from gone
    link = f"{get_settings().public_url.rstrip('/')}{CHECKIN_PATH}/{token}"
    if checkin.view == "employee":
        seen = "Je leidinggevende en de coach zien" if placement.alert_coach else "Je leidinggevende ziet"
        text = (
            "Hoe gaat het op je werk? Er staan acht korte vragen klaar. Het kost twee minuten.\n\n"
            f"{link}\n\n{seen} je cijfers naast die van je leidinggevende. Verder niemand. Meedoen is vrij. "
            "Wil je niet of niet meer meedoen? Open de link en kies 'Ik doe niet mee'. Dan wissen we je adres en je antwoorden."
        )
        return mail.Mail(delivery.recipient, "Hoe gaat het op je werk?", text + _CLOSING)
    text = (
        f"Het is tijd voor een korte check-in over '{placement.nickname}'. Acht vragen, twee minuten. "
        f"Antwoord met wat u op het werk ziet.\n\n{link}\n\nDe link werkt één keer, tot er een nieuwe komt."
    )
    return mail.Mail(delivery.recipient, "Check-in: hoe loopt het?", text + _CLOSING)


@mail.writes("placement_red")
def _placement_red(delivery: Delivery) -> mail.Mail:
    try:
        overview = placement_overview.overview(delivery.payload["placement_id"])
    except placements.PlacementError as gone:
        raise NotNeeded("gone") from gone
    found = next((c for c in overview.checkins if c.id == delivery.payload["checkin_id"]), None)
    if found is None:
        raise NotNeeded("gone")
    reasons = "\n".join(f"- {reason}" for reason in found.reasons)
    text = (
        f"De check-in van {day_text(found.due)} over '{overview.placement.nickname}' is rood.\n\n{reasons}\n\n"
        "Neem binnen twee werkdagen contact op met de werkgever. Die weet dat je dit bericht krijgt."
    )
    return mail.Mail(delivery.recipient, "Rood bij een plaatsing", text + _CLOSING)


@mail.writes("review_reminder")
def _review_reminder(delivery: Delivery) -> mail.Mail:
    day = day_text(date.fromisoformat(delivery.payload["day"]))
    text = f"Op {day} kijkt u samen terug op de werkafspraken. Wat gaat nu makkelijker? Wat past u aan?\n\nU vroeg om deze mail."
    return mail.Mail(delivery.recipient, "Morgen: terugkijken op de werkafspraken", text + _CLOSING)


class _Retention:
    """Placements go a month after they end or run out; papers go with their conversation, or after the same time on their own."""

    def purge(self, session: Session, now: datetime) -> dict[str, int]:
        days = timedelta(days=get_settings().conversation_retention_days)
        return {
            "paper": papers.purge(now - days, session=session),
            "placement": placements.purge((now - days).date(), session=session),
        }

    def delete(self, session: Session, conversation_id: str) -> dict[str, int]:
        return {"placement": placements.forget(conversation_id, session=session), "paper": papers.forget(conversation_id, session=session)}

    def remaining(self, session: Session, conversation_id: str) -> dict[str, int]:
        return {
            name: int(session.execute(select(func.count()).where(table.conversation_id == conversation_id)).scalar_one())
            for name, table in (("placement", models.Placement), ("paper", models.Paper))
        }


privacy.register("follow_up", _Retention())
