"""The log of changes: what each recorded change did, in words, for whoever answers for it."""
