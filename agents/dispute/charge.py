"""The charge that a customer disputes."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Charge(BaseModel):
    """One charge on a card."""

    model_config = ConfigDict(extra="forbid")

    merchant: Annotated[str, Field(min_length=1, max_length=100, description="Who charged it.")]
    amount: Annotated[float, Field(gt=0, le=1_000_000, description="How much, in EUR.")]
    date: Annotated[date, Field(description="When it was charged.")]
    card: Annotated[str, Field(pattern=r"^\d{4}$", description="The last four digits of the card.")] = "4711"

    def __str__(self) -> str:
        """Return it in one line, as people and models read it."""
        return f"{self.amount:,.2f} EUR at {self.merchant} on {self.date}, card {self.card}"
