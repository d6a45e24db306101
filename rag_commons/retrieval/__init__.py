"""Question → hits: filters, dense and lexical search, fusion by calibrated score."""
