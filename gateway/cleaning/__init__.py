"""Cleaned copies of files: what they show stays, who made them and where goes."""
