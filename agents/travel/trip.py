"""What a trip is made of."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Place = Annotated[str, Field(min_length=1, max_length=80)]
Price = Annotated[float, Field(gt=0, le=1_000_000)]


class Period(BaseModel):
    """From one day to another."""

    model_config = ConfigDict(extra="forbid")

    starts: Annotated[date, Field(description="The first day.")]
    ends: Annotated[date, Field(description="The last day.")]

    @model_validator(mode="after")
    def _ends_last(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("it ends before it starts")
        return self

    @property
    def nights(self) -> int:
        """How many nights, at least one."""
        return max((self.ends - self.starts).days, 1)


class Booking(BaseModel):
    """One booking, as it was returned when it was made."""

    model_config = ConfigDict(extra="forbid")

    what: Literal["flight", "hotel", "car"]
    reference: Annotated[str, Field(min_length=1, max_length=20)]
    price: Price


class Trip(BaseModel):
    """A whole trip, to be paid."""

    model_config = ConfigDict(extra="forbid")

    place: Place
    period: Period
    bookings: Annotated[list[Booking], Field(min_length=1, max_length=3)]
    total: Annotated[Price, Field(description="The sum of the bookings' prices, in EUR.")]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = round(sum(booking.price for booking in self.bookings), 2)
        if total != self.total:
            raise ValueError(f"the bookings come to {total:.2f}, not to {self.total:.2f}")
        return self
