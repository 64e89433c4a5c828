"""All tables; importing this package registers every one of them on ``Base.metadata`` for Alembic."""

from steunwijzer.models.conversation import Conversation, Feedback, Message

__all__ = ["Conversation", "Feedback", "Message"]
