"""Whether an officer must choose a password of their own first."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("officer", sa.Column("password_once", sa.Boolean(), nullable=False, server_default=sa.false()))
