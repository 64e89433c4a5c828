"""sign-in links and sessions of the coach desk.

Revision: 0004_desk, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from steunwijzer.db import UtcDateTime


revision = "0004_desk"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_link",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("coach_id", sa.String(length=60), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_desk_link_coach_id_coach"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_link")),
    )
    op.create_index(op.f("ix_desk_link_expires"), "desk_link", ["expires"], unique=False)
    op.create_table(
        "desk_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("coach_id", sa.String(length=60), nullable=False),
        sa.Column("created", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["coach.id"], name=op.f("fk_desk_session_coach_id_coach"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
    )
    op.create_index(op.f("ix_desk_session_expires"), "desk_session", ["expires"], unique=False)


def downgrade() -> None:
    op.drop_table("desk_session")
    op.drop_table("desk_link")
