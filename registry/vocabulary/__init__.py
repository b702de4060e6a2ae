"""The words: closed lists that somebody outside would recognise. Imports nothing of ours."""
