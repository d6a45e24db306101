"""The table of rights: what each licence, status or set of terms asks for, and the notice that satisfies it.

The one surprise: nothing here reads the text of a document; the registry decides, a passage never may.
"""
