"""Adam: how far weights are moved along their gradients at each step of training."""

from collections.abc import Mapping

import numpy as np

Parameters = dict[str, np.ndarray]


class Adam:
    """Steps along gradients, by their means and squares so far (Kingma and Ba 2015), with decoupled decay."""

    def __init__(self, weights: Parameters, decay: Mapping[str, float]) -> None:
        """`decay` has the share that the weights of a name lose at each step, per unit of the learning rate."""
        self.weights, self.decay = weights, decay
        self.means = {name: np.zeros_like(value) for name, value in weights.items()}
        self.squares = {name: np.zeros_like(value) for name, value in weights.items()}
        self.room = {name: np.empty_like(value) for name, value in weights.items()}
        self.count = 0

    def step(self, gradients: Parameters, rate: float) -> None:
        """Change the weights."""
        self.count += 1
        for name, value in self.weights.items():
            mean, square, change, gradient = self.means[name], self.squares[name], self.room[name], gradients[name]
            mean *= 0.9
            mean += np.multiply(gradient, 0.1, out=change)
            np.multiply(gradient, gradient, out=change)
            change *= 0.001
            square *= 0.999
            square += change
            np.sqrt(square, out=change)
            change *= np.float32((1 - 0.999**self.count) ** -0.5)
            change += 1e-8
            np.divide(mean, change, out=change)
            change *= np.float32(rate / (1 - 0.9**self.count))
            np.subtract(value, change, out=value)
            np.multiply(value, np.float32(1 - rate * self.decay.get(name, 0)), out=value)
