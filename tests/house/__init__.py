"""A whole Countersign for tests: every process real, on free ports, in a folder of its own."""
