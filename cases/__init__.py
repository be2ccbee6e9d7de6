"""The record: what a case is, who can read it, what happened to it and what is promised next."""
