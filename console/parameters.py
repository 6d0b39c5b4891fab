"""What routes take from addresses and forms."""

from typing import Annotated

from fastapi import Form, Path, Query
from pydantic import AfterValidator

from messaging.incoming import storable

LARGEST_ID = 2**63 - 1

Key = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""The id of a row in an address; a larger number than the database knows leads nowhere."""

Before = Annotated[int, Query(ge=0, le=LARGEST_ID)]
"""Where a page of a list begins: before this id; 0 for the newest."""

Field = Annotated[str, Form(), AfterValidator(storable)]
"""A field of a form. Nobody has to fill it in: what is missing is said in the page, not by the framework."""
