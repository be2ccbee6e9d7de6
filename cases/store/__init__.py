"""The record's tables and the few statements that touch them."""
