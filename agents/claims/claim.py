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


class Item(BaseModel):
    """A line of the bill."""

    model_config = ConfigDict(extra="forbid")

    what: Annotated[str, Field(min_length=1, max_length=200)]
    amount: Annotated[float, Field(gt=0, le=1_000_000)]
    has_receipt: bool = True


class CostBearer(StrEnum):
    """Whose budget it is."""

    EMPLOYEES_TEAM = "the employee's team"
    PROJECT = "a project"
    COMPANY = "the company"


class Booking(BaseModel):
    """Where an expense is booked."""

    model_config = ConfigDict(extra="forbid")

    borne_by: Annotated[CostBearer, Field(description="Whose budget it is.")] = CostBearer.EMPLOYEES_TEAM
    project: Annotated[str | None, Field(max_length=40, description="The project's number, where one bears it.")] = None


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
    items: Annotated[list[Item], Field(max_length=20, description="The lines of the bill, where it has several.")] = []
    booking: Annotated[Booking, Field(description="Where it is booked.")] = Booking()
