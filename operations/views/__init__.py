"""The console's pages: get, call one verb, render or redirect."""
