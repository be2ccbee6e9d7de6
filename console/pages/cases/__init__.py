"""The pages of one case: its story, its people, its inquiry, and what is done with it."""
