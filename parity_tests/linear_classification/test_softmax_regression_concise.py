"""Softmax regression with the framework's own layers."""
