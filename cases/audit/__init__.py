"""The audit trail: events chained per case, heads chained per deployment, and the check that finds a broken link."""
