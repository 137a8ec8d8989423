"""What is paid, and to whom."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

Supplier = Annotated[str, Field(min_length=1, max_length=100)]
Account = Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")]


class Invoice(BaseModel):
    """One invoice of a supplier."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=40, description="As it stands on the invoice.")]
    supplier: Supplier
    amount: Annotated[float, Field(gt=0, le=10_000_000, description="How much, in EUR.")]


class Terms(StrEnum):
    """When a supplier's invoices are paid."""

    AT_ONCE = "at once"
    THIRTY_DAYS = "within 30 days"
    SIXTY_DAYS = "within 60 days"


class Details(BaseModel):
    """What only people know of a new supplier."""

    model_config = ConfigDict(extra="forbid")

    account: Account = Field(description="Where it is paid to, as an IBAN without spaces.")
    terms: Annotated[Terms, Field(description="When its invoices are paid.")] = Terms.THIRTY_DAYS
    limit: Annotated[float, Field(gt=0, le=10_000_000, description="The most that one invoice may be, in EUR.")]
    contacts: Annotated[list[str], Field(max_length=5, description="Whom to ask about an invoice.")] = []

    @field_validator("account")
    @classmethod
    def _adds_up(cls, account: str) -> str:
        # ISO 13616: the letters as numbers, the first four at the end; what is left of it over 97 is 1.
        if int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 != 1:
            raise ValueError("its check digits don't fit: it is mistyped")
        return account


class AccountChange(BaseModel):
    """A supplier's new account."""

    model_config = ConfigDict(extra="forbid")

    supplier: Supplier
    account: Account = Field(description="The new IBAN.")
