"""What people may ask about themselves (GDPR, articles 15 to 17): everything, what is wrong, what is to go."""
