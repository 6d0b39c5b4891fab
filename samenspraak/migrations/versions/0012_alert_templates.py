"""Templates of alerts, and forms that count once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and add the columns."""
    op.create_table(
        "alert_template",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("short_texts", sa.Text(), nullable=False),
        sa.Column("template_sid", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_alert_template_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_template")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_alert_template_organisation_id_name")),
    )
    op.add_column("alert", sa.Column("form_key", sa.String(length=40), nullable=True))
    op.create_index("uq_alert_form_key", "alert", ["organisation_id", "form_key"], unique=True)
    for table in ("alert", "event"):
        op.add_column(table, sa.Column("template_sid", sa.String(length=64), nullable=False, server_default=""))
        op.add_column(table, sa.Column("template_values", sa.Text(), nullable=False, server_default="[]"))
