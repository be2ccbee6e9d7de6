"""The engine that fires rules: durable-rules, in a guarded child process. Import `rules.engine.guard`."""
