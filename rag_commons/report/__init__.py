"""What the commons are worth: which institutions, licences and languages answered, and what answers would lose without them."""
