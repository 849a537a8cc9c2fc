"""Declarations: modern convolutional networks."""
