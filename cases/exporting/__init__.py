"""A case taken out of Heed: for an audit, a court, a person; proved by its part of the chain."""
