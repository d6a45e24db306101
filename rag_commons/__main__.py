"""`python -m rag_commons` is `rag-commons`."""

import sys

from rag_commons.cli import main

sys.exit(main())
