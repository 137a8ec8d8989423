"""A real Chromium, a real house."""
