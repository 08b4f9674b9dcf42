"""What is drawn: a number with its words, or silence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """One figure to draw. `number` None means no data, which is never drawn as zero.

    `label` is what is printed (by default the number in the language of the drawing): give it
    for «plus de 36 000». `note` is added to the tooltip.
    """

    number: int | None
    label: str = ""
    href: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.number is not None and self.number < 0:
            raise ValueError("a drawing shows counts and amounts: no negative number")


NO_DATA = Value(None)
