"""The index of a commons on disk: a store (the truth), a dense and a lexical index made from it, and a manifest written last."""
