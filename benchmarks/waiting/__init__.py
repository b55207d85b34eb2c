"""Rooms of benchmarks/waits.py."""
