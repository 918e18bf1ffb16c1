"""The plugin before titiler-openeo, a back-end that others wrote and that has far fewer processes and no jobs.

It lives in an environment of its own (``requirements.txt``), as the test back-end of ``tests.openeo_backend`` does.
"""
