"""What of a proposal the officer shows to a body that is asked for its opinion.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was shown beyond the essentials so far."""
    op.add_column("opinion", sa.Column("shared", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("opinion") as opinion:
        opinion.drop_column("shared")
