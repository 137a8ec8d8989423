"""How the parts of Countersign are; one that is away is part of the answer."""
