"""Declarations: gated recurrent networks and translation."""
