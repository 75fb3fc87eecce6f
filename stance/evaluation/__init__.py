"""How good a system is: metrics with intervals, baselines, the behavioural suite, reports."""
