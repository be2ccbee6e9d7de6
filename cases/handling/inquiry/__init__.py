"""What is worked out about a case: evidence, findings, decision, root cause, actions, steps."""
