"""Linear models: a weight a feature, kept as JSON that a person can read, with the command that fitted them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of standardised features; `bias` and `threshold` serve those that decide."""

    features: tuple[str, ...]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float = 0.0
    threshold: float = 0.0

    def score(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one score a row; (rows, features) or (features,)."""
        scores: NDArray[np.float64] = (rows - self.mean) / self.scale @ self.weights + self.bias
        return scores


def linear_model(name: str, features: Sequence[str]) -> LinearModel:
    """Read the shipped model of this name, for these features in this order; ValueError where it was fitted on others."""
    fitted = json.loads(files("rag_commons.answering").joinpath(f"{name}.json").read_text("utf-8"))
    weights = fitted["weights"]
    if list(weights) != list(features):
        raise ValueError(f"{name}.json was fitted on other features: {fitted['command']} makes it again")
    columns = [np.array([weights[feature][part] for feature in features]) for part in ("mean", "scale", "weight")]
    return LinearModel(tuple(features), columns[0], columns[1], columns[2], fitted.get("bias", 0.0), fitted.get("threshold", 0.0))


def write_linear_model(model: LinearModel, command: str, about: str) -> str:
    """Return the JSON of a model: what it is, the command that fitted it, and its numbers."""
    rows = zip(model.features, model.mean, model.scale, model.weights, strict=True)
    weights = {name: {"mean": round(m, 5), "scale": round(s, 5), "weight": round(w, 5)} for name, m, s, w in rows}
    head = {"about": about, "command": command, "bias": round(model.bias, 5), "threshold": round(model.threshold, 5)}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in weights.items())
    return json.dumps(head, ensure_ascii=False, indent=2)[:-2] + ',\n  "weights": {\n' + lines + "\n  }\n}\n"
