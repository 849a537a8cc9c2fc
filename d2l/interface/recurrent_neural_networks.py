"""Declarations: recurrent networks."""
