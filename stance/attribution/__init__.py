"""Articles -> who said what: see `stance.attribution.extract`."""
