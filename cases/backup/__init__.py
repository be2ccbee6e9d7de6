"""Backups: both databases copied while everything runs, what only the operator may read sealed apart by a passphrase."""
