"""CAP messages that came in, tokens for those who send them, and whether an alert stands in the public feed."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and the column; what was written before is public."""
    op.add_column("alert", sa.Column("scope", sa.String(length=20), nullable=False, server_default="Restricted"))
    op.create_table(
        "cap_document",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=140), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cap_document_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_document")),
    )
    op.create_index("ix_cap_document_organisation_id", "cap_document", ["organisation_id"], unique=False)
    op.create_table(
        "cap_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("identifier", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("trust", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("alert_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("texts", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cap_message_organisation_id")),
        sa.ForeignKeyConstraint(["document_id"], ["cap_document.id"], name=op.f("fk_cap_message_document_id")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_cap_message_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_message")),
        sa.UniqueConstraint(
            "organisation_id",
            "sender",
            "identifier",
            name=op.f("uq_cap_message_organisation_id_sender_identifier"),
        ),
    )
    op.create_index("ix_cap_message_alert_id", "cap_message", ["alert_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_token_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_organisation_id", "api_token", ["organisation_id"], unique=False)
