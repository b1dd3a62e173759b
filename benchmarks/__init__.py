"""Measures speed and size on invented transcripts of any size."""
