"""The relay, the jobs and the mail that goes out."""
