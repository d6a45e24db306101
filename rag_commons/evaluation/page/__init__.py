"""The report of an evaluation: one HTML file, in French and in English, that asks nothing of the network and prints well."""
