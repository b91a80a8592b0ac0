"""Snapshot → files of a site."""
