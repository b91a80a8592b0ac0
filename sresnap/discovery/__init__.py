"""Finds out what a Prometheus measures: which presets fit, which services there are, and what they have been like."""
