"""What must not reach a public place."""
