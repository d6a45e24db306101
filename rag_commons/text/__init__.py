"""French text laws: comparing quotes (N0), finding sentences, and the words that search knows."""
