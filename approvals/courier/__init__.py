"""The courier: the one deliverer of decisions, and the hand of the inbox's clock. Several may run."""
