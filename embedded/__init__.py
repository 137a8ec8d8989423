"""The embedded default: PostgreSQL, Restate and our own processes on one machine, set up and kept running.

Nothing outside this package knows that it exists: production runs the same code against other servers.
"""
