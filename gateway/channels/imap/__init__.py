"""The mailbox door: fetches, seals and stores mail before it touches a flag."""
