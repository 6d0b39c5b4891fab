"""When an officer dealt with what a CAP message proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("cap_message", sa.Column("handled_at", sa.BigInteger(), nullable=True))
