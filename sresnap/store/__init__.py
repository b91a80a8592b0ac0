"""What is kept: the history's day files, snapshots, and how files go in place."""
