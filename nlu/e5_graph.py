"""The twelve layers of the sentence encoder as an ONNX graph: token vectors in, the mean vectors after some of the layers out.

Products are of whole bytes: the 4-bit weights, one scale a row, with activations that are rounded to 8 bits for each message. That takes half the
time of the 4-bit blocks themselves (``MatMulNBits``), and a model that is trained on such vectors answers as well (figures: ``bench/encoder.py``
and ``bench/understanding.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]

BLOCK = 32
"""So many weights of a row share one scale (the format Q4_0): low nibbles first, then high, offset 8."""
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
INPUT = "tokens"
_CONTRIB = "com.microsoft"  # ONNX Runtime's own operators
_LARGEST = 63  # weight of a row; with 127 the sums overflow on processors without VNNI instructions


@dataclass(frozen=True)
class Size:
    """The shape of a BERT encoder."""

    layers: int
    heads: int
    hidden: int
    inner: int
    eps: float


@dataclass(frozen=True)
class Weights:
    """Where the tensors of the model file come from, by name: ``floats``, and ``blocks``, 4-bit rows ``(rows, width / 32)`` of :data:`BLOCK_TYPE`."""

    floats: Callable[[str], Floats]
    blocks: Callable[[str, int], npt.NDArray[Any]]


def unpacked(blocks: npt.NDArray[Any]) -> Floats:
    """Blocks ``(rows, n / 32)`` of :data:`BLOCK_TYPE` to float32 ``(rows, n)``."""
    nibbles = blocks["nibbles"]
    whole = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    whole *= blocks["scale"].astype(np.float32)[..., None]
    return whole.reshape(blocks.shape[0], -1)


def model(size: Size, weights: Weights, described: Sequence[int]) -> ModelProto:
    """The graph: ``tokens`` ``(1, n, hidden)`` to one mean vector ``(1, hidden)`` for each layer in ``described``."""
    graph = _Graph(size, weights)
    current = graph.embedded()
    for number in range(size.layers):
        current = graph.layer(current, number)
        if number + 1 in described:
            graph.mean(current, f"mean_{number + 1}")
    means = [(f"mean_{number}", [1, size.hidden]) for number in described]
    return graph.to_model(means)


class _Graph:
    def __init__(self, size: Size, weights: Weights) -> None:
        self._size, self._weights = size, weights
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def to_model(self, outputs: Sequence[tuple[str, Sequence[int | str]]]) -> ModelProto:
        """The finished graph, with the shapes of what it gives."""
        tokens = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "n", self._size.hidden])
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs]
        made = helper.make_graph(self._nodes, "e5", [tokens], given, self._constants)
        return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)], ir_version=8)

    def _constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _tensor(self, name: str) -> str:
        return self._constant(name, self._weights.floats(name))

    def _add(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], *, own: bool = True, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(operator, inputs, outputs, domain=_CONTRIB if own else "", **attributes))

    def embedded(self) -> str:
        inputs = [INPUT, self._tensor("emb.ln.w"), self._tensor("emb.ln.b")]
        self._add("LayerNormalization", inputs, ["embedded"], own=False, epsilon=self._size.eps)
        return "embedded"

    def _residual(self, out: str, x: str, change: str, norm: str, bias: str) -> str:
        inputs = [x, change, self._tensor(f"{norm}.w"), self._tensor(f"{norm}.b"), self._tensor(bias)]
        self._add("SkipLayerNormalization", inputs, [out], epsilon=self._size.eps)
        return out

    def _product(self, out: str, x: str, names: Sequence[str], width: int, bias: str = "") -> str:
        """``x`` times the transposed rows of the tensors ``names``, below each other, plus ``bias``."""
        rows = np.concatenate([unpacked(self._weights.blocks(name, width)) for name in names])
        scales = np.abs(rows).max(axis=1) / _LARGEST
        weights = self._constant(f"{out}.w", np.rint(rows / scales[:, None]).astype(np.int8).T)
        centre = self._constant(f"{out}.zero", np.zeros(len(rows), np.int8))
        self._add("DynamicQuantizeMatMul", [x, weights, self._constant(f"{out}.scales", scales), centre, bias], [out])
        return out

    def layer(self, x: str, number: int) -> str:
        hidden, inner, at = self._size.hidden, self._size.inner, f"l{number}"
        bias = self._constant(f"{at}.qkv.b", np.concatenate([self._weights.floats(f"{at}.{part}.b") for part in "qkv"]))
        qkv = self._product(f"{at}.qkv", x, [f"{at}.{part}.w" for part in "qkv"], hidden, bias)
        parts = [f"{at}.{part}" for part in "qkv"]
        self._add("Split", [qkv, self._constant(f"{at}.thirds", np.full(3, hidden, np.int64))], parts, own=False, axis=-1)
        self._add("MultiHeadAttention", parts, [f"{at}.context"], num_heads=self._size.heads)
        attended = self._product(f"{at}.ao", f"{at}.context", [f"{at}.ao.w"], hidden)
        x = self._residual(f"{at}.first", x, attended, f"{at}.aln", f"{at}.ao.b")
        up = self._product(f"{at}.fi", x, [f"{at}.fi.w"], hidden)
        self._add("FastGelu", [up, self._tensor(f"{at}.fi.b")], [f"{at}.gate"])
        down = self._product(f"{at}.fo", f"{at}.gate", [f"{at}.fo.w"], inner)
        return self._residual(f"{at}.out", x, down, f"{at}.oln", f"{at}.fo.b")

    def mean(self, x: str, out: str) -> None:
        self._add("ReduceMean", [x], [out], own=False, axes=[1], keepdims=0)
