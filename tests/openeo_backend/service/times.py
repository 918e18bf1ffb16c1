"""Times without a zone, UTC."""

from datetime import UTC, datetime


def instant(text):
    """Return a date or a time as RFC 3339 writes it as a datetime, None for an open end."""
    if text is None:
        return None
    found = datetime.fromisoformat(str(text))
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def day_of(text):
    """Return a time as text without a zone, open ends far away."""
    return "2070-01-01" if text is None else instant(text).isoformat()
