"""What developers run: setting up the environment, locking it, checking imports."""
