"""Keeps secrets and private addresses from public targets."""
