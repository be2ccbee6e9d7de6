"""Outgoing mail: composed the same twice, handed to a relay or laid in a Maildir."""
