"""Keys and sealing: who can read is who holds a key."""
