"""The inbox's reads."""
