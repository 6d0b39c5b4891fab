"""An alert's audience, which was its networks alone."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ALERT = sa.table("alert", sa.column("id"), sa.column("audience"))


def upgrade() -> None:
    """Write the networks of each alert as an audience."""
    op.alter_column("alert", "network_ids", new_column_name="audience")
    connection = op.get_bind()
    for row in connection.execute(sa.select(_ALERT)).all():
        audience = json.dumps({"networks": sorted(json.loads(row.audience))}, separators=(",", ":"))
        connection.execute(sa.update(_ALERT).where(_ALERT.c.id == row.id).values(audience=audience))
