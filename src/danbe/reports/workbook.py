"""A new workbook. What people typed is text in it: never a formula, never a link."""

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook


def new_workbook(file: IO[bytes]) -> "Workbook":
    """A workbook that is written to ``file`` when it is closed."""
    import xlsxwriter  # here: it is slow to load, and few requests need it

    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(file, options)
