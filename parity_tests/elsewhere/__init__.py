"""Frameworks whose processes run in other interpreters, or on another device."""
