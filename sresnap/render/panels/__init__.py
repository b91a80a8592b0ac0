"""Panels: what each shows, in words and numbers."""
