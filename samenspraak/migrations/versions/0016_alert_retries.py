"""How often those whom an alert did not reach were tried again by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up to this version."""
    op.add_column("alert", sa.Column("retries", sa.Integer(), nullable=False, server_default="0"))
