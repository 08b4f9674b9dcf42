"""Protection: from the first word of a victim to a life rebuilt."""
