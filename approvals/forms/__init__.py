"""Forms: what a reviewer types, checked."""
