"""Reads. Each is given the viewer and sees only what he may know of; none of them writes."""
