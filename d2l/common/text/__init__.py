"""Texts: reading them, tokens, and choosing the next one."""
