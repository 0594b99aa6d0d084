"""What a newcomer imports from the package itself, and where it is."""

from __future__ import annotations

import portone_v1
import pytest


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("Payment", "from portone_v1.models import Payment"),
        ("PaymentStatus", "from portone_v1.enums import PaymentStatus"),
        ("PaidCharge", "from portone_v1.results import PaidCharge"),
        ("Iamport", "from portone_v1.compat.iamport import Iamport"),
        ("PaymentAnnotation", "PaymentAnnotation is `Payment` here"),
    ],
)
def test_an_import_from_the_wrong_place_names_the_right_one(name: str, where: str) -> None:
    with pytest.raises(ImportError, match=where):
        exec(f"from portone_v1 import {name}", {})


@pytest.mark.parametrize("name", ["Shop", "__path_of__", "payment"])
def test_what_is_nowhere_is_an_attribute_error(name: str) -> None:
    assert not hasattr(portone_v1, name)
