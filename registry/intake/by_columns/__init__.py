"""The one check, over thousands of rows of a file at once: which of them are certainly clean (docs/adr/0014).

No rule is said here a second time. What a text says is asked of the same functions that read one report, once for each distinct
text of a column (`fields`). What a rule says is asked of the same rule, once for each distinct set of values that it looked at
(`asking`). A row is certainly clean when nothing that was asked has any problem or warning; of every other row this package says
nothing at all, and it is judged by itself (`check`).
"""
