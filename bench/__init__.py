"""Measurements of the budgets: `make bench`. Speed is measured here and asserted nowhere else."""
