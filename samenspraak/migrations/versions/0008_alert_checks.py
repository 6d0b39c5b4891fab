"""Alerts that leave later, why one was sent back or approved by its author, which warnings were seen; what senders may
and cost."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and the index by which what is due is found."""
    op.add_column("alert", sa.Column("override_reason", sa.Text(), nullable=True))
    op.add_column("alert", sa.Column("rejection", sa.Text(), nullable=True))
    op.add_column("alert", sa.Column("acknowledged", sa.Text(), nullable=False, server_default="[]"))
    op.create_index("ix_alert_state", "alert", ["state", "effective_at"])
    op.add_column("sender", sa.Column("daily_limit", sa.Integer(), nullable=True))
    op.add_column("sender", sa.Column("price", sa.Float(), nullable=True))
