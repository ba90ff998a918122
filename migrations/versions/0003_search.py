"""An index for searching cases by words, and one for the queue of one type.

SQLite: an FTS5 table that holds the pieces of `case.search` but not the text, kept by triggers. PostgreSQL: a GIN
index on the same pieces as an array, which needs no parser of words. Both only narrow; LIKE decides
(app/queries/search.py). FTS5 and the triggers hang on the table: a migration that makes `case` anew makes them anew.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = """
CREATE VIRTUAL TABLE case_search USING fts5(
    search, content='case', content_rowid='id', tokenize='ascii', detail='none', columnsize=0
)
"""
FORGET = "INSERT INTO case_search(case_search, rowid, search) VALUES ('delete', old.id, old.search);"
KEEP = "INSERT INTO case_search(rowid, search) VALUES (new.id, new.search);"
TRIGGERS = {
    "case_search_insert": ("AFTER INSERT", "", KEEP),
    "case_search_delete": ("AFTER DELETE", "", FORGET),
    "case_search_update": ("AFTER UPDATE OF search", "WHEN old.search <> new.search", FORGET + KEEP),
}


def upgrade() -> None:
    """Give every case its single letters as pieces, then build the index."""
    connection = op.get_bind()
    case = sa.table("case", sa.column("id", sa.Integer), sa.column("search", sa.Text))
    for row in connection.execute(sa.select(case.c.id, case.c.search)).all():
        letters = sorted(set(row.search) - {" ", "|"})
        if letters:
            words = f"{row.search}| {' '.join(letters)} "
            connection.execute(sa.update(case).where(case.c.id == row.id).values(search=words))
    op.create_index("ix_case_definition_id_due_on_id", "case", ["definition_id", "due_on", "id"])
    if connection.dialect.name != "sqlite":
        op.execute("""CREATE INDEX ix_case_search ON "case" USING gin (string_to_array(search, ' '))""")
        return
    op.execute(TABLE)
    for name, (when, only, what) in TRIGGERS.items():
        op.execute(f'CREATE TRIGGER {name} {when} ON "case" {only} BEGIN {what} END')
    op.execute("INSERT INTO case_search(case_search) VALUES ('rebuild')")


def downgrade() -> None:
    """Take it away; the single letters stay and do no harm."""
    op.drop_index("ix_case_definition_id_due_on_id", "case")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index("ix_case_search")
        return
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE case_search")
