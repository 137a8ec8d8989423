"""The travel agent: books flight, hotel and car, and takes them back when a person rejects the trip."""
