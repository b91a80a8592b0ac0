"""Files for other programs: spreadsheets, feeds, badges."""
