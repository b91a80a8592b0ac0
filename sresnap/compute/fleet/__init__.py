"""Numbers of many services, and comparisons of two reports."""
