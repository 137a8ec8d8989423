"""An expense claim."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Category(StrEnum):
    """What the money was spent on."""

    TRAVEL = "travel"
    LODGING = "lodging"
    MEALS = "meals"
    EQUIPMENT = "equipment"
    TRAINING = "training"
    OTHER = "other"


class Claim(BaseModel):
    """One expense that an employee wants to be reimbursed."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[float, Field(gt=0, le=1_000_000, description="How much, in the currency's main unit.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code, such as EUR.")] = "EUR"
    category: Annotated[Category, Field(description="What it was spent on.")]
    date: Annotated[date, Field(description="When it was spent.")]
    reason: Annotated[str, Field(min_length=1, max_length=1_000, description="What for, in the employee's words.")]
    pay_to: Annotated[
        str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", description="The account to pay to, as an IBAN.")
    ]
