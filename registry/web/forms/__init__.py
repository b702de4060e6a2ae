"""Forms have fields, no rules: the check of a report is `registry.intake`."""
