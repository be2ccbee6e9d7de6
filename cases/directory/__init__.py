"""The directory's file: read, compared with what is known, taken over; and rates by what it says."""
