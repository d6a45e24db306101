"""Answers made readable: JSON, terminal text, HTML; everything from a corpus is escaped here."""
