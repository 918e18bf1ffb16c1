"""Stand-ins of hosts that want credentials: logins, tokens, signed addresses.

Every user, password and key here is synthetic and opens nothing else.
"""
