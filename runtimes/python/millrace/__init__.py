"""The Python runtime of Millrace. Functions must not rely on it."""
