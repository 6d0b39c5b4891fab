"""Who said to an alert that they are safe, or need help."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LAST = sa.text("counts")


def upgrade() -> None:
    """Bring the database up to this version."""
    op.create_table(
        "acknowledgement",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("alert_id", ID, sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("event_id", ID, sa.ForeignKey("event.id"), nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("conversation_id", ID),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_acknowledgement_person", "acknowledgement", ["alert_id", "resident_id"])
    op.create_index(
        "uq_acknowledgement_last",
        "acknowledgement",
        ["alert_id", "resident_id"],
        unique=True,
        sqlite_where=_LAST,
        postgresql_where=_LAST,
    )
    op.create_index("ix_acknowledgement_answer", "acknowledgement", ["alert_id", "counts", "answer", "id"])
