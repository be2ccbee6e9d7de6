"""Telling a machine's mail from a person's, and understanding bounces."""
