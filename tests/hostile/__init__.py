"""Files that mean harm, or were meant well: each made by code, with its documented outcome beside it."""
