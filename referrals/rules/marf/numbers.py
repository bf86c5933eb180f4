"""Numbers that prove themselves, and postcodes as the post office writes them."""

import re

_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")
_IN_ADDRESS = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?)\s?([0-9][A-Z]{2})\b")
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def postcode(typed: str) -> str:
    """ "ws34lp" → "WS3 4LP"; anything that is not a postcode is given back as it was typed."""
    found = _POSTCODE.match(re.sub(r"[\s.-]", "", typed).upper())
    return f"{found[1]} {found[2]}" if found else typed


def is_postcode(typed: str) -> bool:
    return _POSTCODE.match(re.sub(r"[\s.-]", "", typed).upper()) is not None


def postcode_in(address: str) -> str:
    """The postcode that an address holds, as the post office writes it; nothing where it holds none."""
    found = _IN_ADDRESS.findall(address.upper())
    return f"{found[-1][0]} {found[-1][1]}" if found else ""


def digits(typed: str) -> str:
    """An NHS number without its spaces and hyphens."""
    return re.sub(r"[\s-]", "", typed)


def is_nhs_number(typed: str) -> bool:
    """Ten digits of which the last is the check digit: 11 less the weighted sum, modulo 11 (NHS Data Dictionary)."""
    number = digits(typed)
    if not (number.isascii() and number.isdigit() and len(number) == 10):
        return False
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
    return rest % 11 == int(number[9])


def is_upn(typed: str) -> bool:
    """A check letter and twelve digits, the last of which may be a letter (temporary): a sum modulo 23."""
    number = digits(typed).upper()
    if not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", number) or number[-1] in "IOS":
        return False
    values = [int(sign) for sign in number[1:12]]
    values.append(int(number[12]) if number[12].isdigit() else _UPN_LETTERS.index(number[12]))
    total = sum(value * weight for weight, value in enumerate(values, 2))
    return _UPN_LETTERS[total % 23] == number[0]
