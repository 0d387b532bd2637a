"""The report of a month: loaded, built by a pure function, written by four writers."""
