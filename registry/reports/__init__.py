"""What leaves as a file: writers, case rows, the registry report."""
