"""What an SLO's whole history says of its objective: the target that was right, and what it would have cost."""
