"""Texts with their middle hidden: enough to recognise what one knows already, too little to use it.

Phones have their own rule, see phones.mask_phone.
"""

HIDDEN = "***"
SHORTEST_SHOWN = 4  # of shorter texts the first character would give too much away


def mask_text(text: str) -> str:
    """z***; nothing of a short text."""
    return f"{text[0]}{HIDDEN}" if len(text) >= SHORTEST_SHOWN else HIDDEN


def mask_email(address: str) -> str:
    """z***@example.com: where it belongs stays readable."""
    name, _at, domain = address.rpartition("@")
    return f"{mask_text(name)}@{domain}" if name else mask_text(address)
