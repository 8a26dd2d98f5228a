"""Scenarios that the gateway does not pass yet: the beginning of a test's id, and what is missing."""

PENDING: dict[str, str] = {}
