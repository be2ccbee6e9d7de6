"""Telling a person's own words from quotes, forwarded history, signatures and footers."""
