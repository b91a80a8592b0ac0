"""Closed periods: what each objective came to in a week, month, quarter or year that is over."""
