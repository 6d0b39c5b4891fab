"""Large alerts are written in slices and counted by them; a person may be tried in several steps."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IN_SLICE = sa.text("slice IS NOT NULL")


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("event", sa.Column("written_to", ID))
    op.add_column("event", sa.Column("slices", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("chunk", sa.Column("slice", sa.Integer()))
    op.add_column("delivery", sa.Column("slice", sa.Integer()))
    op.add_column("delivery", sa.Column("step", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("uq_delivery_event", "delivery")
    op.create_index("uq_delivery_event", "delivery", ["event_id", "resident_id", "step"], unique=True)
    op.create_index(
        "ix_delivery_slice", "delivery", ["event_id", "slice"], sqlite_where=_IN_SLICE, postgresql_where=_IN_SLICE
    )
    op.create_table(
        "tally",
        sa.Column("event_id", ID, autoincrement=False, nullable=False),
        sa.Column("slice", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "slice", name=op.f("pk_tally")),
    )
    op.create_table(
        "recount",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("slice", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
