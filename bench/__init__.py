"""Measurements: ratios within one run, never times that a test would hold."""
