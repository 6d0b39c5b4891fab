"""Lists of members that are brought in, and the rows that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "member_import",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("network_id", ID, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("header", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_import_organisation_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_member_import_officer_id")),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_member_import_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_import")),
    )
    op.create_index(op.f("ix_member_import_organisation_id"), "member_import", ["organisation_id"], unique=False)
    op.create_index("ix_member_import_state", "member_import", ["state", "lease_until"], unique=False)
    op.create_table(
        "refused_row",
        sa.Column("import_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["member_import.id"], name=op.f("fk_refused_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_refused_row")),
    )
