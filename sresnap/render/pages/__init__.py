"""Whole pages: which panels each has."""
