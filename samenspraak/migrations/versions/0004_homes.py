"""Where residents live, and the kinds of message that they do not want."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "home",
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("street_lookup", sa.String(length=40), nullable=True),
        sa.Column("post_code_lookup", sa.String(length=40), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_home_organisation_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_home_resident_id")),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_home")),
    )
    op.create_index("ix_home_street", "home", ["organisation_id", "street_lookup"], unique=False)
    op.create_index("ix_home_post_code", "home", ["organisation_id", "post_code_lookup"], unique=False)
    op.create_index("ix_home_changed", "home", ["organisation_id", "changed_at"], unique=False)
    op.create_table(
        "declined_kind",
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_declined_kind_resident_id")),
        sa.PrimaryKeyConstraint("resident_id", "kind", name=op.f("pk_declined_kind")),
    )
