"""What the offline model says in each sample."""
