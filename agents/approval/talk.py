"""What is said to an agent that is a service, and what it answers."""

from pydantic import BaseModel, Field


class Ask(BaseModel):
    """A message to an agent.

    Attributes:
        user: on whose behalf; that person can't approve what comes of it.
        message: what they say.
    """

    user: str = Field(min_length=1, max_length=200)
    message: str = Field(min_length=1, max_length=20_000)


class Reply(BaseModel):
    """What the agent answered when its turn was over."""

    answer: str
