"""Many services, and one report beside another."""
