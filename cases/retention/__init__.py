"""The end of a case: who is due, who is warned, what erasing does."""
