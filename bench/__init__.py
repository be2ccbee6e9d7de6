"""Measures of Heed, each as a ratio to bare aiosmtpd in the same run, or against a promise in absolute terms."""
