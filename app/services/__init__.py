"""Writes: one act a file, each inside one unit of work, each leaving one event."""
