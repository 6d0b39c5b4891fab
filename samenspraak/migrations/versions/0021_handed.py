"""What reports add up, counted by slice."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_STALE = sa.text("handed_stale")


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("tally", sa.Column("handed", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("tally", sa.Column("handed_stale", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_tally_stale", "tally", ["handed_stale"], sqlite_where=_STALE, postgresql_where=_STALE)
