"""Corpus -> train -> calibrate -> export: one module for each step."""
