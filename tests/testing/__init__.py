"""Whether the conformance kit judges rightly."""
