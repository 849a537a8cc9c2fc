"""Plots, and the progress of long work."""
