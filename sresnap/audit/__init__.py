"""How each number of a report was worked out, from the snapshot alone."""
