"""The page people use, in Gradio. Nothing it shows or does leaves the machine, save what goes to the model that `--llm` names.

The one surprise: this file speaks to the environment, since Gradio reads these two before its first line of ours can run.
"""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
