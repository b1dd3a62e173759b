"""Benchmarks of speed and size, on generated transcripts of any size."""
