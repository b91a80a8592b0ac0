"""The archive of reports: filing a report, choosing which to keep, and thinning the others."""
