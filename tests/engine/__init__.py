"""A real Restate with the smallest service that waits, for tests of whatever speaks to the engine."""
