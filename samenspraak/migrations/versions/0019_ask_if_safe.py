"""Whether an alert asks people if they are safe, where its author says so."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for table in ("alert", "event"):
        op.add_column(table, sa.Column("ask_if_safe", sa.Boolean(), nullable=True))
