"""Pages: get, call one verb, render or redirect."""
