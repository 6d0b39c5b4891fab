"""Until when a chat takes no further message, and with which bot it is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("address", sa.Column("free_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("address", sa.Column("sender_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
