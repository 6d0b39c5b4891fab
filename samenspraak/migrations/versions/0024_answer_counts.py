"""How many answered what to an alert is counted when they answer, not when somebody looks."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTED = """
    INSERT INTO answer_count (organisation_id, alert_id, answer, part, number)
    SELECT organisation_id, alert_id, answer, 0, count(*) FROM acknowledgement WHERE counts
    GROUP BY organisation_id, alert_id, answer
"""


def upgrade() -> None:
    """Bring the database up to this version."""
    op.create_table(
        "answer_count",
        sa.Column("organisation_id", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("alert_id", ID, sa.ForeignKey("alert.id"), primary_key=True),
        sa.Column("answer", sa.String(20), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.execute(_COUNTED)
