"""What is done with more than one case: link, merge, split."""
