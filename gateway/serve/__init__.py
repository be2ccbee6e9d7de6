"""`heed serve`: every process on one machine, started, watched and ended together."""
