"""Optional judges of support, and what proves them: labelled pairs, agreement with people, tests that a judge must pass to be shown."""
