"""The classifier: what a message is about and how risky it reads, learned from examples and corrections."""
