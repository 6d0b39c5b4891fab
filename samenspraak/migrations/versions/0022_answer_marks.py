"""Answers to an alert are marked as seen by an officer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("message", sa.Column("sighting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("message", sa.Column("handled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
