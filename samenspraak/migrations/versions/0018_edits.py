"""Messages that change one that somebody has already."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_EDITS = sa.text("edits IS NOT NULL")


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("delivery", sa.Column("edits", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.create_index("ix_delivery_edits", "delivery", ["edits"], sqlite_where=_EDITS, postgresql_where=_EDITS)
