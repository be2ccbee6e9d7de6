"""The design language both sites share: tokens and a base stylesheet, served as one file of one's own."""
