"""The mail doors, one file each: they seal and store, and know nothing else."""
