"""Published rules and the record: stored submissions to try on, cases decided meanwhile, deadlines that would move."""
