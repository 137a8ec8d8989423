"""The approval protocol under fire: agents ask, people decide, everything is killed at random; then it is counted."""
