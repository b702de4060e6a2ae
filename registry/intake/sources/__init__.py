"""Files of unknown origin as tables of texts: what they are, what they unfold to, and their rows, read without trusting them."""
