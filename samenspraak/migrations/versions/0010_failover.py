"""Who was not reached is told another way, until the alert ends."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_PLANNED = sa.text("failover_at IS NOT NULL")


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("event", sa.Column("ended_at", sa.BigInteger()))
    op.add_column("delivery", sa.Column("failover_at", sa.BigInteger()))
    op.add_column("delivery", sa.Column("superseded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_delivery_failover", "delivery", ["failover_at"], sqlite_where=_PLANNED, postgresql_where=_PLANNED
    )
