"""Golden signals and capacity."""
