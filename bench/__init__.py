"""What topo costs: measured against a floor in C, against other choices and against others."""
