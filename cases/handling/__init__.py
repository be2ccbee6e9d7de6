"""What people do with a case, one file a kind of act; each act is one transaction with its event."""
