"""What an alert is about, in the vocabulary of CAP 1.2."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was written before is an actual alert of no particular kind."""
    op.add_column("alert", _text("kind", sa.String(length=30), "other"))
    op.add_column("alert", _text("categories", sa.Text(), '["Other"]'))
    op.add_column("alert", _text("urgency", sa.String(length=20), "Unknown"))
    op.add_column("alert", _text("certainty", sa.String(length=20), "Unknown"))
    op.add_column("alert", _text("response_types", sa.Text(), "[]"))
    op.add_column("alert", sa.Column("effective_at", sa.BigInteger(), nullable=True))
    op.add_column("alert", sa.Column("onset_at", sa.BigInteger(), nullable=True))
    for table in ("alert", "event"):
        op.add_column(table, _text("status", sa.String(length=20), "Actual"))
        op.add_column(table, _text("area", sa.Text(), ""))
        op.add_column(table, _text("instructions", sa.Text(), "{}"))
        op.add_column(table, _text("short_texts", sa.Text(), "{}"))
        op.add_column(table, _text("contact", sa.String(length=200), ""))
        op.add_column(table, _text("web", sa.String(length=500), ""))


def _text(name: str, kind: sa.types.TypeEngine[str], default: str) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, server_default=default)
