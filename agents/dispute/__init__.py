"""A disputed card charge: a coordinator, and three specialists that are services of their own and work in parallel."""
