"""What the dashboards say, a topic a file: each measure's finding in words, its figure and its tables."""
