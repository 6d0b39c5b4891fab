"""Indexes of the ledger hold only the rows that are looked up by them: a large alert is written and sent faster."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_LEAN = (
    ("ix_delivery_open", ["state", "next_attempt_at"], "chunk IS NULL"),
    ("ix_delivery_leased", ["lease_until"], "lease IS NOT NULL"),
    ("ix_delivery_provider", ["sender_id", "provider_id"], "provider_id IS NOT NULL"),
    ("ix_delivery_message", ["message_id"], "message_id IS NOT NULL"),
)


def upgrade() -> None:
    """Bring the database up to this version."""
    for name in ("ix_delivery_open", "ix_delivery_provider", "ix_delivery_message"):
        op.drop_index(name, "delivery")
    for name, columns, only in _LEAN:
        op.create_index(name, "delivery", columns, sqlite_where=sa.text(only), postgresql_where=sa.text(only))
