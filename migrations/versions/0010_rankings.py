"""A case may be ranked anew after a correction: the new ranking stands beside the old.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from migrations.append_only import protect, release

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""
    release("ranking")
    with op.batch_alter_table("ranking") as ranking:
        ranking.add_column(sa.Column("number", sa.BigInteger(), nullable=False, server_default="1"))
        ranking.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        ranking.drop_constraint(op.f("uq_ranking_case_id_hearing"), type_="unique")
        ranking.create_unique_constraint(op.f("uq_ranking_case_id_hearing_number"), ["case_id", "hearing", "number"])
    protect("ranking")


def downgrade() -> None:
    """Take it away."""
    release("ranking")
    with op.batch_alter_table("ranking") as ranking:
        ranking.drop_constraint(op.f("uq_ranking_case_id_hearing_number"), type_="unique")
        ranking.create_unique_constraint(op.f("uq_ranking_case_id_hearing"), ["case_id", "hearing"])
        ranking.drop_column("reason")
        ranking.drop_column("number")
    protect("ranking")
