"""Everything that is known about Restate's wire, and the contract between an agent and the inbox."""
