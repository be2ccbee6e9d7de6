"""The jobs, one file each: they take opaque ids, may be run twice, and leave the truth in the database."""
