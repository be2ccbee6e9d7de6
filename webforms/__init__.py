"""The public site: named forms, the anonymous channel, receipts and status pages. No cookie, no script, no third party."""
