"""Which column of a spreadsheet of unknown making is which field of ours, how its texts become ours, and what it must not bring."""
