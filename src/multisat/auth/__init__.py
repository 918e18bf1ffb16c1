"""Credentials: found where users keep them, bound to the hosts they belong to, never shown."""
