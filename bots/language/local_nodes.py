"""A graph for ONNX Runtime, node by node, with products in eight bits."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bots.language.local_smooth import Lookup, Values

WEIGHTS = "weights.int8"
PAGE = 4096  # weights begin at whole pages, so that they can be mapped
BLOCK = 4096  # rows
OURS = "com.microsoft"  # ONNX Runtime's own operators


class Graph:
    """Nodes and constants; large ones go to a file as they come."""

    def __init__(self, weights: BinaryIO, *, seven_bits: bool) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []
        self._rounded: dict[str, tuple[str, str]] = {}
        self.last_outputs: list[str] = []
        self._count = 0
        steps, middle = (63, 64) if seven_bits else (127, 128)
        self.constant("step", np.array(1 / steps, np.float32))
        self.constant("middle", np.array(middle, np.uint8))
        self.constant("tiny", np.array(1e-6, np.float32))
        self.constant("rows_own", np.array([-1], np.int64))

    def name(self) -> str:
        self._count += 1
        return f"x{self._count}"

    def takes(self, name: str, kind: int, shape: list[Any]) -> None:
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))

    def gives(self, name: str, kind: int, shape: list[Any]) -> None:
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def constant(self, name: str, values: NDArray[Any]) -> str:
        name = name or self.name()
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def shape(self, sizes: list[int]) -> str:
        return self.constant("", np.array(sizes, np.int64))

    def node(
        self,
        kind: str,
        inputs: list[str],
        *,
        more: list[str] | None = None,
        name: str = "",
        **told: Any,
    ) -> str:
        outputs = [name or self.name(), *(more or [])]
        self._nodes.append(helper.make_node(kind, inputs, outputs, **told))
        self.last_outputs = outputs
        return outputs[0]

    def split(self, x: str, sizes: str, count: int, *, axis: int) -> list[str]:
        more = [self.name() for _ in range(count - 1)]
        return [self.node("Split", [x, sizes], more=more, axis=axis), *more]

    def layer(self, x: str, tensor: Lookup, name: str) -> str:
        return self.product(x, tensor(f"{name}.weight"), tensor(f"{name}.bias"))

    def product(self, x: str, weight: Values, bias: Values | None, *, name: str = "") -> str:
        """`x @ weight.T (+ bias)` in eight bits."""
        rounded, peak = self._round(x)
        scale = np.maximum(np.maximum(weight.max(1), -weight.min(1)) / 127, 1e-12)
        whole = np.empty(weight.shape[::-1], np.int8)
        for at in range(0, len(weight), BLOCK):  # the matrix of words is large, its copies larger
            rows = slice(at, at + BLOCK)
            whole[:, rows] = np.round(weight[rows] / scale[rows, None]).T
        stored = self._stored(whole)
        scales = self.constant("", scale.astype(np.float32))
        small = self.node(
            "MatMulIntegerToFloat", [rounded, stored, "step", scales, "middle"], domain=OURS
        )
        if bias is None:
            return self.node("Mul", [small, peak], name=name)
        return self.node(
            "Add", [self.node("Mul", [small, peak]), self.constant("", bias)], name=name
        )

    def _round(self, x: str) -> tuple[str, str]:
        """Each row by its own largest number, which comes back too; once for all who ask."""
        if x not in self._rounded:
            sizes = self.node("Abs", [x])
            largest = self.node("ReduceMax", [sizes, "rows_own"], keepdims=1)
            peak = self.node("Max", [largest, "tiny"])
            even = self.node("Div", [x, peak])
            self._rounded[x] = self.node("QuantizeLinear", [even, "step", "middle"]), peak
        return self._rounded[x]

    def _stored(self, values: NDArray[np.int8]) -> str:
        start = -(-self._weights.tell() // PAGE) * PAGE
        self._weights.seek(start)
        self._weights.write(values.tobytes())
        tensor = TensorProto(
            name=self.name(),
            data_type=TensorProto.INT8,
            dims=values.shape,
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (("location", WEIGHTS), ("offset", start), ("length", values.nbytes)):
            tensor.external_data.add(key=key, value=str(value))
        self._constants.append(tensor)
        return str(tensor.name)

    def serialized(self) -> bytes:
        graph = helper.make_graph(
            self._nodes, "network", self._inputs, self._outputs, self._constants
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid(OURS, 1)],
            ir_version=10,
        )
        whole: bytes = model.SerializeToString()
        return whole
