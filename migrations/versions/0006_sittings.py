"""Committee rules, rosters, sealed ballots, written deliberation, the sitting's own chain.

A vote recorded before cannot be sealed afterwards: an installation that has held a sitting is refused.

Revision ID: 0006
Revises: 0005
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.base import Id, Json, Moment
from migrations.append_only import protect, release

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FACTS = ("committee_rule", "sitting_event", "roster_entry", "ballot_paper", "opened_ballot", "voided_vote", "dissent")
MADE_ANEW = ("motion", "ballot")
OUTCOMES = "outcome IN ('approve', 'approve_with_conditions', 'reject', 'reserve')"
CHOICES = "choice IN ('yes', 'no', 'abstain')"


def _id(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Id, nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str, length: int | None = None, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Moment(), nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _make(
    table: str, *parts: Any, to: dict[str, str], unique: tuple[str, ...] = (), index: tuple[str, ...] = ()
) -> None:
    """A table with a surrogate key; `to`: column -> the table it refers to; `unique`, `index`: columns with spaces."""
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    once = [
        sa.UniqueConstraint(*columns.split(), name=op.f(f"uq_{table}_{columns.replace(' ', '_')}"))
        for columns in unique
    ]
    op.create_table(table, *parts, _id("id"), *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *once)
    for columns in index:
        op.create_index(op.f(f"ix_{table}_{columns.replace(' ', '_')}"), table, columns.split())


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


PLACE = {"case_id": "case", "item_id": "agenda_item"}
WHOSE = PLACE | {"user_id": "account"}


def upgrade() -> None:
    """Build it."""
    _see_that_nothing_was_held()
    _sittings()
    release(*MADE_ANEW)
    _empty(*MADE_ANEW)
    _motions()
    _ballots()
    _after_the_vote()
    protect(*FACTS, *MADE_ANEW)


def _see_that_nothing_was_held() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM sitting")):
        raise RuntimeError("sittings were held already: their votes cannot be sealed afterwards; begin anew")


def _empty(*tables: str) -> None:
    for table in reversed(tables):
        op.drop_table(table)


def _sittings() -> None:
    _make(
        "committee_rule",
        _text("programme", 40), _number("number"), sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("rule", Json, nullable=False), sa.Column("basis", Json, nullable=False), _text("reason"),
        _id("entered_by", nullable=True), _time("entered_at"),
        to={"entered_by": "account"}, unique=("programme number",),
    )  # fmt: skip
    with op.batch_alter_table("sitting") as sitting:
        sitting.add_column(_text("form", 10))
        sitting.add_column(_text("reason_code", 20, nullable=True))
        sitting.add_column(_text("reason"))
        sitting.add_column(_time("opens_at", nullable=True))
        sitting.add_column(_time("closes_at", nullable=True))
        sitting.add_column(_number("seq"))
        sitting.add_column(_text("head", 64))
        for name, rule in (
            ("form", "form IN ('in_person', 'video', 'written')"),
            ("reason_code", "reason_code IN ('minor', 'urgent', 'quorum_impossible')"),
            (
                "written",
                "form <> 'written' OR (reason_code IS NOT NULL AND opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            ),
        ):
            sitting.create_check_constraint(op.f(f"ck_sitting_{name}"), rule)
    _make(
        "sitting_event",
        _id("sitting_id"), _number("seq"), _text("act", 20), _time("at"), _id("actor_id", nullable=True),
        sa.Column("data", Json, nullable=False), sa.Column("seals", Json, nullable=False),
        _text("prev_hash", 64), _text("hash", 64),
        to={"sitting_id": "sitting", "actor_id": "account"}, unique=("sitting_id seq",),
    )  # fmt: skip
    op.add_column("agenda_item", _time("called_in_at", nullable=True))
    op.add_column("attendance", sa.Column("proxy", sa.String(120), nullable=False, server_default=""))
    op.add_column("attendance", sa.Column("observer", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("attendance") as attendance:
        attendance.alter_column("proxy", server_default=None)
        attendance.alter_column("observer", server_default=None)
    _make(
        "item_seat",
        _id("item_id"), _id("user_id"), _text("capacity", 20), _text("basis"), _id("added_by"), _time("added_at"),
        _time("ended_at", nullable=True),
        _check("item_seat", "capacity", "capacity IN ('vice_minister', 'local_head')"),
        to={"item_id": "agenda_item", "user_id": "account", "added_by": "account"},
        unique=("item_id user_id",), index=("user_id",),
    )  # fmt: skip
    _make(
        "roster_entry",
        _id("case_id"), _id("item_id"), _number("round"), _id("user_id"), _text("capacity", 20), _flag("present"),
        _flag("entitled"), _text("reason", 20), _time("entered_at"),
        _check("roster_entry", "capacity", "capacity IN ('seat', 'vice_minister', 'local_head')"),
        to=WHOSE, unique=("item_id round user_id present",), index=("case_id",),
    )  # fmt: skip


def _motions() -> None:
    _make(
        "motion",
        _id("case_id"), _id("item_id"), _number("round"), _text("kind", 12), _id("follows_id", nullable=True),
        _flag("secret"), _text("outcome", 30), sa.Column("amount_krw", sa.BigInteger(), nullable=True), _text("text"),
        sa.Column("conditions", Json, nullable=False), _id("put_by"), _time("put_at"),
        _check("motion", "outcome", OUTCOMES), _check("motion", "kind", "kind IN ('main', 'amendment')"),
        to=PLACE | {"put_by": "account", "follows_id": "motion"}, unique=("item_id round",), index=("case_id",),
    )  # fmt: skip


def _ballots() -> None:
    _make(
        "ballot",
        _id("case_id"), _id("item_id"), _number("round"), _id("user_id"), _text("channel", 8), _flag("late"),
        _text("commitment", 64, nullable=True), _text("sealed", nullable=True), _id("entered_by", nullable=True),
        _id("confirmed_by", nullable=True), _time("cast_at"),
        _check("ballot", "channel", "channel IN ('screen', 'paper')"),
        _check(
            "ballot", "two_people",
            "channel <> 'paper' OR (entered_by IS NOT NULL AND confirmed_by IS NOT NULL AND entered_by <> confirmed_by)",
        ),
        _check("ballot", "sealed", "(commitment IS NULL) = (sealed IS NULL)"),
        to=WHOSE | {"entered_by": "account", "confirmed_by": "account"},
        unique=("item_id round user_id",), index=("case_id",),
    )  # fmt: skip
    op.create_table(
        "ballot_paper",
        sa.Column("key", sa.String(32), nullable=False),
        _id("item_id"),
        _number("round"),
        _text("commitment", 64),
        _text("sealed"),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_ballot_paper_item_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ballot_paper")),
        sa.UniqueConstraint("commitment", name=op.f("uq_ballot_paper_commitment")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ballot_paper_item_id_round"), "ballot_paper", ["item_id", "round"])
    _make(
        "paper_entry",
        _id("case_id"), _id("item_id"), _number("round"), _id("user_id"), _text("commitment", 64), _text("sealed"),
        _id("entered_by"), _time("entered_at"), _text("result", 12, nullable=True), _time("settled_at", nullable=True),
        _check("paper_entry", "result", "result IN ('confirmed', 'mismatch', 'taken_back')"),
        to=WHOSE | {"entered_by": "account"}, index=("item_id round",),
    )  # fmt: skip
    _make(
        "opened_ballot",
        _id("case_id"), _id("item_id"), _number("round"), _id("ballot_id", nullable=True),
        _id("user_id", nullable=True), _text("choice", 10), _text("salt", 64), _text("commitment", 64),
        _flag("counted"),
        _check("opened_ballot", "choice", CHOICES),
        _check("opened_ballot", "secret", "(ballot_id IS NULL) = (user_id IS NULL)"),
        to=WHOSE | {"ballot_id": "ballot"}, unique=("ballot_id", "commitment"), index=("item_id round", "case_id"),
    )  # fmt: skip


def _after_the_vote() -> None:
    _make(
        "voided_vote",
        _id("case_id"), _id("item_id"), _number("round"), _id("resolution_id"), _text("code", 20), _text("reason"),
        _id("voided_by"), _time("voided_at"),
        _check(
            "voided_vote", "code", "code IN ('quorum_defect', 'undeclared_conflict', 'count_error', 'other')"
        ),
        to=PLACE | {"resolution_id": "resolution", "voided_by": "account"},
        unique=("resolution_id", "item_id round"), index=("case_id",),
    )  # fmt: skip
    _make(
        "dissent",
        _id("case_id"), _id("item_id"), _number("round"), _id("user_id"), _text("text"), _time("written_at"),
        to=WHOSE, unique=("item_id round user_id",), index=("case_id",),
    )  # fmt: skip


def downgrade() -> None:
    """Take it away; only where nothing was held."""
    _see_that_nothing_was_held()
    release(*FACTS, *MADE_ANEW)
    _empty(
        "committee_rule", "sitting_event", "item_seat", "roster_entry", "motion", "ballot", "ballot_paper",
        "paper_entry", "opened_ballot", "voided_vote", "dissent",
    )  # fmt: skip
    with op.batch_alter_table("attendance") as attendance:
        attendance.drop_column("observer")
        attendance.drop_column("proxy")
    op.drop_column("agenda_item", "called_in_at")
    with op.batch_alter_table("sitting") as sitting:
        for name in ("form", "reason_code", "written"):
            sitting.drop_constraint(op.f(f"ck_sitting_{name}"), type_="check")
        for name in ("head", "seq", "closes_at", "opens_at", "reason", "reason_code", "form"):
            sitting.drop_column(name)
    _the_first_ones()
    protect(*MADE_ANEW)


def _the_first_ones() -> None:
    """Motions and ballots as 0001 made them."""
    _make(
        "motion",
        _id("case_id"), _id("item_id"), _number("round"), _text("outcome", 30),
        sa.Column("amount_krw", sa.BigInteger(), nullable=True), _text("text"),
        sa.Column("conditions", Json, nullable=False), _id("put_by"), _time("put_at"),
        _check("motion", "outcome", OUTCOMES),
        to=PLACE | {"put_by": "account"}, unique=("item_id round",), index=("case_id",),
    )  # fmt: skip
    _make(
        "ballot",
        _id("case_id"), _id("item_id"), _number("round"), _id("user_id"), _text("choice", 10), _time("cast_at"),
        _check("ballot", "choice", CHOICES),
        to=WHOSE, unique=("item_id round user_id",), index=("case_id",),
    )  # fmt: skip
