"""What each page of the dashboards shows, a page a file: its measures, and its panels in the order of a reader's questions."""
