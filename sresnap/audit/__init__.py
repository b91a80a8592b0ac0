"""The formula behind each number of a report, from the snapshot only."""
