"""Sources: what turns a corpus into documents, one file a source."""
