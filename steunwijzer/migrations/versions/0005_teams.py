"""chats in Teams, what came in from there, and the cards that show requests.

Revision: 0005_teams, after 0004_desk.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from steunwijzer.db import UtcDateTime


revision = "0005_teams"
down_revision = "0004_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("tenant_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=200), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("bot_id", sa.String(length=200), nullable=False),
        sa.Column("service_url", sa.String(length=400), nullable=False),
        sa.Column("chat_id", sa.String(length=43), nullable=True),
        sa.Column("request_id", sa.String(length=43), nullable=True),
        sa.Column("blocked", sa.String(length=60), nullable=True),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('personal', 'groupChat', 'channel')", name=op.f("ck_teams_reference_kind")),
        sa.ForeignKeyConstraint(["chat_id"], ["conversation.id"], name=op.f("fk_teams_reference_chat_id_conversation"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_teams_reference_request_id_request"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_reference")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_teams_reference_conversation_id")),
    )
    op.create_index(op.f("ix_teams_reference_object_id"), "teams_reference", ["object_id"])
    op.create_index(op.f("ix_teams_reference_seen"), "teams_reference", ["seen"])

    op.create_table(
        "teams_activity",
        sa.Column("conversation_id", sa.String(length=400), nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("received", UtcDateTime(timezone=True), nullable=False),
        sa.Column("handled", UtcDateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("response", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "activity_id", name=op.f("pk_teams_activity")),
    )
    op.create_index(op.f("ix_teams_activity_handled_received"), "teams_activity", ["handled", "received"])

    op.create_table(
        "teams_card",
        sa.Column("reference_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=43), nullable=False),
        sa.Column("coach_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('card', 'chat')", name=op.f("ck_teams_card_kind")),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["teams_reference.id"], name=op.f("fk_teams_card_reference_id_teams_reference"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_teams_card_request_id_request"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_teams_card_coach_id_coach")),
        sa.PrimaryKeyConstraint("reference_id", "activity_id", name=op.f("pk_teams_card")),
    )
    op.create_index(op.f("ix_teams_card_request_id"), "teams_card", ["request_id"])


def downgrade() -> None:
    op.drop_table("teams_card")
    op.drop_table("teams_activity")
    op.drop_table("teams_reference")
