"""The rules of tools/tidy.py. A rule is a function of a Tree that yields (path, line, message)."""
