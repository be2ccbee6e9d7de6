"""The intake API for an HRIS, a portal or a chat bot: submissions, their status, further messages."""
