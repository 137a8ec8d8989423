"""The inbox: requests, decisions, quorum, audit, delivery, live updates and the agents' intake API."""
