"""Evaluation: how faithful attribution is, on this system's answers or anyone's, and the proof that each measure can fall."""
