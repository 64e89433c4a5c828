"""All tables; importing this package registers every one of them on ``Base.metadata`` for Alembic."""

from steunwijzer.models.conversation import Conversation, Feedback, Message
from steunwijzer.models.desk import DeskLink, DeskSession
from steunwijzer.models.directory import Coach, CoachArea, Organisation
from steunwijzer.models.handoff import (
    AuditEvent,
    Note,
    OutboxRow,
    RelayMessage,
    Request,
    RequestAsked,
)
from steunwijzer.models.placement import Checkin, Paper, Placement, Reminder, UsageCount
from steunwijzer.models.teams import TeamsActivity, TeamsCard, TeamsReference

__all__ = [
    "AuditEvent",
    "Checkin",
    "Coach",
    "CoachArea",
    "Conversation",
    "DeskLink",
    "DeskSession",
    "Feedback",
    "Message",
    "Note",
    "Organisation",
    "OutboxRow",
    "Paper",
    "Placement",
    "RelayMessage",
    "Reminder",
    "Request",
    "RequestAsked",
    "TeamsActivity",
    "TeamsCard",
    "TeamsReference",
    "UsageCount",
]
