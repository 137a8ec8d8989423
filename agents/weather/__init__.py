"""The smallest durable agent: one tool, nobody to ask."""
