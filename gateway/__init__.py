"""The doors, the inbox that seals, the normaliser, threads and triage."""
