"""Records for named people only: put under restriction, opened by breaking the glass, reviewed by somebody else."""
