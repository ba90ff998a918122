"""Signing keys, daily roots.

Revision ID: 0009
Revises: 0008
"""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Build it."""


def downgrade() -> None:
    """Take it away."""
