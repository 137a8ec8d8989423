"""Live updates: a socket says what changed; the page then asks for its own fragment."""
