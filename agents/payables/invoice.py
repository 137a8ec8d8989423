"""What is paid, and to whom."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Supplier = Annotated[str, Field(min_length=1, max_length=100)]


class Invoice(BaseModel):
    """One invoice of a supplier."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=40, description="As it stands on the invoice.")]
    supplier: Supplier
    amount: Annotated[float, Field(gt=0, le=10_000_000, description="How much, in EUR.")]


class AccountChange(BaseModel):
    """A supplier's new account."""

    model_config = ConfigDict(extra="forbid")

    supplier: Supplier
    account: Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", description="The new IBAN.")]
