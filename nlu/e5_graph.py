"""multilingual-e5-small as an ONNX graph, its four-bit weights in eight bits, which processors multiply fastest."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from nlu.e5_file import PackedModel

_FORM: Final = 9
"""The version of ONNX's file format; the newest runtimes read old ones, not the other way round."""

_UNEVEN: Final = {"l0.fo", "l4.fo", "l5.fo"}
"""Where some numbers are a thousand times the others, which eight bits for all of them would lose: these stay exact."""

_MICROSOFT: Final = "com.microsoft"
"""The runtime's own operators, which do in one step what takes many in plain ONNX."""


class _Graph:
    """Collects nodes and weights; every step gives the name of its result."""

    def __init__(self, epsilon: float) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._epsilon = epsilon

    def keep(self, name: str, array: NDArray[Any]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def do(self, operator: str, inputs: Sequence[str], result: str, domain: str = _MICROSOFT, **options: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [result], domain=domain, **options))
        return result

    def multiply(self, rows: str, weights: NDArray[np.float32], result: str) -> str:
        """`weights` (inputs, outputs) become whole numbers from -127 to 127, each output with a scale of its own."""
        if result in _UNEVEN:
            return self.do("MatMul", [rows, self.keep(f"{result}.weights", weights)], result, domain="")
        scales = np.abs(weights).max(axis=0) / np.float32(127)
        whole = np.rint(weights / scales).astype(np.int8)
        kept = (self.keep(f"{result}.weights", whole), self.keep(f"{result}.scales", scales))
        return self.do("DynamicQuantizeMatMul", [rows, *kept], result)

    def add_and_centre(self, rows: str, others: str, tensors: Sequence[NDArray[np.float32]], result: str) -> str:
        """Add `others` and the bias, centre and scale; `tensors`: weight and bias of the layer norm, then the bias."""
        kept = [self.keep(f"{result}.{at}", tensor) for at, tensor in enumerate(tensors)]
        return self.do("SkipLayerNormalization", [rows, others, *kept], result, epsilon=self._epsilon)


def build(packed: PackedModel) -> bytes:
    """The graph, serialised: takes `vectors` (1, tokens, size) of words and places, gives `found` of that shape."""
    graph = _Graph(packed.epsilon)
    kept = [graph.keep(name, packed.vector(name)) for name in ("emb.ln.w", "emb.ln.b")]
    rows = graph.do("LayerNormalization", ["vectors", *kept], "rows", domain="", epsilon=packed.epsilon, axis=-1)
    for layer in range(packed.layers):
        rows = _add_layer(graph, packed, f"l{layer}", rows)
    shape = [1, "tokens", packed.size]
    model = helper.make_model(
        helper.make_graph(
            [*graph.nodes, helper.make_node("Identity", [rows], ["found"])],
            "multilingual-e5-small",
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("found", TensorProto.FLOAT, shape)],
            graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=_FORM,
    )
    return bytes(model.SerializeToString())


def _add_layer(graph: _Graph, packed: PackedModel, layer: str, rows: str) -> str:
    """Let each token look at the others, then think on its own."""

    def vector(name: str) -> NDArray[np.float32]:
        return packed.vector(f"{layer}.{name}")

    def multiply(source: str, name: str, outputs: int = packed.size) -> str:
        return graph.multiply(source, packed.matrix(f"{layer}.{name}.w", outputs).T, f"{layer}.{name}")

    asked = [multiply(rows, name) for name in ("q", "k", "v")]
    biases = graph.keep(f"{layer}.biases", np.concatenate([vector(f"{name}.b") for name in ("q", "k", "v")]))
    seen = graph.do("MultiHeadAttention", [*asked, biases], f"{layer}.seen", num_heads=packed.heads)
    norm = [vector(name) for name in ("aln.w", "aln.b", "ao.b")]
    rows = graph.add_and_centre(multiply(seen, "ao"), rows, norm, f"{layer}.together")
    bias = graph.keep(f"{layer}.inner_bias", vector("fi.b"))
    inner = graph.do("BiasGelu", [multiply(rows, "fi", packed.inner), bias], f"{layer}.inner")
    norm = [vector(name) for name in ("oln.w", "oln.b", "fo.b")]
    return graph.add_and_centre(multiply(inner, "fo"), rows, norm, f"{layer}.result")
