"""Reading for those who confirm: how each criterion stands, the list, the summary, the queue."""
