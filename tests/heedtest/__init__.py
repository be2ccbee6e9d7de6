"""What system tests, the long run and the bench share: a served Heed, clients and relays in processes of their own."""
