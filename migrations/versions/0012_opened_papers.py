"""A paper of a secret ballot may go once it is opened, and only then.

PostgreSQL keeps with every row the transaction that wrote it, so a paper that stays beside the ballot written with it
tells whose it is. What the paper said stands in `opened_ballot`, in the order of hashes.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from migrations.append_only import protect, release

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPENED = "EXISTS (SELECT 1 FROM opened_ballot WHERE commitment = OLD.commitment)"
REFUSE_UNOPENED = f"""
CREATE FUNCTION refuse_unopened() RETURNS trigger AS $$
BEGIN
  IF NOT {OPENED} THEN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END IF;
  RETURN OLD;
END;
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Let opened papers go, and take away those that lie there."""
    release("ballot_paper")
    if op.get_bind().dialect.name == "sqlite":
        for act, where in (("UPDATE", ""), ("DELETE", f"WHEN NOT {OPENED}")):
            op.execute(
                f"CREATE TRIGGER ballot_paper_no_{act.lower()} BEFORE {act} ON ballot_paper {where} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {act} on ballot_paper is refused'); END"
            )
    else:
        op.execute(REFUSE_UNOPENED)
        for name, act, refuse in (
            ("append_only", "UPDATE", "refuse_change"),
            ("opened_only", "DELETE", "refuse_unopened"),
        ):
            op.execute(
                f"CREATE TRIGGER ballot_paper_{name} BEFORE {act} ON ballot_paper FOR EACH ROW EXECUTE FUNCTION {refuse}()"
            )
    op.execute("DELETE FROM ballot_paper WHERE commitment IN (SELECT commitment FROM opened_ballot)")


def downgrade() -> None:
    """Keep every paper again; those that went do not come back."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER ballot_paper_opened_only ON ballot_paper")
        op.execute("DROP FUNCTION refuse_unopened()")
    release("ballot_paper")
    protect("ballot_paper")
