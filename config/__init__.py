"""How the parts are wired: imports everything, imported by nothing."""
