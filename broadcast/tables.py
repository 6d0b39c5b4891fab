"""Alerts as they are written, and the immutable events of what was sent."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from storage.tables import Id, Instant, Json, metadata

alert = Table(
    "alert",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("severity", String(20), nullable=False),
    Column("title", String(120), nullable=False),
    Column("texts", Json, nullable=False),  # {"nl": …, "fr": …}
    Column("audience", Json, nullable=False),  # {"networks": [1, 2], …}
    Column("expires_at", Instant, nullable=False),
    Column("kind", String(30), nullable=False, server_default="other"),
    Column("status", String(20), nullable=False, server_default="Actual"),
    Column("scope", String(20), nullable=False, server_default="Restricted"),
    Column("categories", Json, nullable=False, server_default='["Other"]'),
    Column("urgency", String(20), nullable=False, server_default="Unknown"),
    Column("certainty", String(20), nullable=False, server_default="Unknown"),
    Column("response_types", Json, nullable=False, server_default="[]"),
    Column("area", Text, nullable=False, server_default=""),
    Column("instructions", Json, nullable=False, server_default="{}"),
    Column("short_texts", Json, nullable=False, server_default="{}"),
    Column("contact", String(200), nullable=False, server_default=""),
    Column("web", String(500), nullable=False, server_default=""),
    Column("template_sid", String(64), nullable=False, server_default=""),
    Column("template_values", Json, nullable=False, server_default="[]"),
    Column("ask_if_safe", Boolean),  # NULL: where lives may depend on it
    Column("effective_at", Instant),
    Column("onset_at", Instant),
    Column("author_ids", Json, nullable=False),  # everybody who wrote at it: none of them approves it
    Column("digest", String(64)),  # what was submitted, and so what is approved
    Column("submitted_by", ForeignKey("officer.id")),
    Column("submitted_at", Instant),
    Column("approved_by", ForeignKey("officer.id")),
    Column("approved_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("override_reason", Text),
    Column("rejection", Text),
    Column("acknowledged", Json, nullable=False, server_default="[]"),  # the warnings that were seen at submitting
    Column("retries", Integer, nullable=False, server_default="0"),  # by hand, of those whom it did not reach
    Column("form_key", String(40)),  # of the form that made or last changed it: sent twice, it does so once
    Index("uq_alert_form_key", "organisation_id", "form_key", unique=True),
    Index("ix_alert_state", "state", "effective_at"),
    Index("ix_alert_recent", "organisation_id", "id"),
)

alert_template = Table(
    "alert_template",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("title", String(120), nullable=False),
    Column("texts", Json, nullable=False),
    Column("instructions", Json, nullable=False),
    Column("short_texts", Json, nullable=False),
    Column("template_sid", String(64), nullable=False),  # approved at the provider for the Dutch text; "": none
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)

alert_notice = Table(
    "alert_notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("alert_id", ForeignKey("alert.id"), nullable=False),
    Column("officer_id", ForeignKey("officer.id"), nullable=False),
    Column("reason", String(20), nullable=False),  # submitted | overridden | sent_back | came_in | proposed
    Column("state", String(20), nullable=False),  # queued | sent | unnecessary
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index("ix_alert_notice_due", "state", "due_at"),
)

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("alert_id", ForeignKey("alert.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # alert | update | cancel | all_clear | feedback
    Column("title", String(120), nullable=False),
    Column("texts", Json, nullable=False),
    Column("severity", String(20), nullable=False),
    Column("status", String(20), nullable=False, server_default="Actual"),
    Column("area", Text, nullable=False, server_default=""),
    Column("instructions", Json, nullable=False, server_default="{}"),
    Column("short_texts", Json, nullable=False, server_default="{}"),
    Column("contact", String(200), nullable=False, server_default=""),
    Column("web", String(500), nullable=False, server_default=""),
    Column("template_sid", String(64), nullable=False, server_default=""),
    Column("template_values", Json, nullable=False, server_default="[]"),
    Column("ask_if_safe", Boolean),  # NULL: where lives may depend on it
    Column("idempotency_key", String(80), nullable=False),
    Column("officer_id", ForeignKey("officer.id"), nullable=False),
    Column("approved_by", ForeignKey("officer.id")),
    Column("recipients", Integer, nullable=False),
    Column("state", String(20), nullable=False),  # sending | paused | cancelled | sent
    Column("open_chunks", Integer, nullable=False),  # not done yet; what is still to be written counts as one
    Column("ended_at", Instant),  # from then on nobody is tried another way: it was withdrawn, or is over
    Column("written_to", Id),  # the last resident whose line is in the ledger; NULL: everybody's is
    Column("slices", Integer, nullable=False, server_default="0"),  # how many were written; 0: the audience was small
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "idempotency_key"),
)

chunk = Table(
    "chunk",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sender_id", Id, nullable=False),
    Column("slice", Integer),
    # waiting | queued (a job carries it and gives on the next) | lingering (a job comes back for the rest) | done
    Column("state", String(20), nullable=False),
    Column("run", Integer, nullable=False),  # how often it was given to a job
    Index("ix_chunk_state", "event_id", "sender_id", "state", "number"),
)

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("alert_id", ForeignKey("alert.id"), nullable=False),
    Column("event_id", ForeignKey("event.id"), nullable=False),  # to which of its events it was said
    Column("resident_id", Id, nullable=False),
    Column("answer", String(20), nullable=False),  # safe | need_help
    Column("channel", String(20), nullable=False),
    Column("conversation_id", Id),
    Column("at", Instant, nullable=False),
    Column("counts", Boolean, nullable=False),  # their last word; what they said before is kept
    Index("ix_acknowledgement_person", "alert_id", "resident_id"),
    Index(
        "uq_acknowledgement_last",
        "alert_id",
        "resident_id",
        unique=True,
        sqlite_where=Column("counts"),
        postgresql_where=Column("counts"),
    ),
    Index("ix_acknowledgement_answer", "alert_id", "counts", "answer", "id"),
)

answer_count = Table(
    "answer_count",
    metadata,
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("alert_id", ForeignKey("alert.id"), primary_key=True),
    Column("answer", String(20), primary_key=True),
    Column("part", Integer, primary_key=True),  # an answer is counted in one of a few rows, so that few wait for a row
    Column("number", Integer, nullable=False),  # what they add up to counts; one by itself may be below zero
)

place = Table(
    "place",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("selection", Json, nullable=False),  # the places of an audience; an alert takes a copy
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "name"),
)

member_import = Table(
    "member_import",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("officer_id", ForeignKey("officer.id")),  # NULL: by command
    Column("network_id", ForeignKey("network.id")),
    Column("name", String(120), nullable=False),
    Column("sealed", LargeBinary),  # the file; NULL once it is not needed any more
    Column("header", String(64), nullable=False),  # digest of the first row: files alike have their columns alike
    Column("state", String(20), nullable=False),  # uploaded | checking | checked | importing | done | failed
    Column("columns", Json, nullable=False),
    Column("evidence", Json),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("counts", Json, nullable=False),
    Column("problem", Text),
    Column("lease", String(40)),
    Column("lease_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_member_import_state", "state", "lease_until"),
)

refused_row = Table(
    "refused_row",
    metadata,
    Column("import_id", ForeignKey("member_import.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # as a spreadsheet counts, the header being 1
    Column("sealed", LargeBinary, nullable=False),
    Column("reason", String(200), nullable=False),
)
