"""Local embedding models: text becomes unit vectors whose products say how close two meanings are.

Optional. `SEMANTIC_MODEL` names a folder, or an installed package, that holds a tokenizer (`*tokenizer*.json`) and
either an ONNX sentence transformer (`*.onnx`) or one matrix of token vectors (`*.safetensors`, as of model2vec and
WordLlama). Nothing is downloaded, and without the setting no library of models is imported.
"""

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from django.core.exceptions import ImproperlyConfigured

Vectors = npt.NDArray[np.float32]

MOST_TOKENS = 256
THREADS = 2
_BATCH = 16
_TYPES = {"F32": "<f4", "F16": "<f2"}


class Embedder(Protocol):
    """What turns texts into unit vectors; `name` changes with the model's bytes."""

    name: str
    size: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text; a row of zeros where the model knows nothing of it."""
        ...


class TokenVectors:
    """Static embeddings: the mean of the vectors of a text's tokens."""

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        self.name = _fingerprint(weights)
        self._matrix = _read_matrix(weights)
        self.size = self._matrix.shape[1]
        self._tokenizer = _load_tokenizer(tokenizer)

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            if ids:
                rows[row] = self._matrix[ids].mean(axis=0, dtype=np.float32)
        return _unit(rows)


class SentenceTransformer:
    """An ONNX sentence transformer: the mean of its last layer over a text's tokens, cut at `MOST_TOKENS`."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        runtime = _need("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting leaves the core to others
        self.name = _fingerprint(model)
        self._session = runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = _load_tokenizer(tokenizer)
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self.size = self._run([self._tokenizer.encode("a")]).shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """In batches of about one length, so that little is padding; a batch changes a vector by rounding only."""
        encoded = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(encoded)), key=lambda place: len(encoded[place].ids))
        rows = np.zeros((len(encoded), self.size), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            rows[some] = self._run([encoded[place] for place in some])
        return rows

    def _run(self, encoded: Sequence[Any]) -> Vectors:
        longest = max(len(each.ids) for each in encoded)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, each in enumerate(encoded):
            ids[row, : len(each.ids)] = each.ids
            mask[row, : len(each.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        last = self._session.run(None, {name: value for name, value in feed.items() if name in self._inputs})[0]
        if last.ndim == 3:
            last = (last * mask[..., None]).sum(axis=1) / np.maximum(1, mask.sum(axis=1, keepdims=True))
        return _unit(last)


@lru_cache(maxsize=2)
def open_embedder(model: str) -> Embedder:
    """Open the model in a folder or an installed package; ImproperlyConfigured says what it lacks."""
    folder = _find_folder(model)
    tokenizer = _first(folder, "*tokenizer*.json", holding=b'"model"')
    if tokenizer is None:
        raise ImproperlyConfigured(f"SEMANTIC_MODEL: there is no tokenizer (*tokenizer*.json) in {model}.")
    if (onnx := _first(folder, "*.onnx")) is not None:
        return SentenceTransformer(onnx, tokenizer)
    if (weights := _first(folder, "*.safetensors")) is not None:
        return TokenVectors(weights, tokenizer)
    raise ImproperlyConfigured(f"SEMANTIC_MODEL: there is neither *.onnx nor *.safetensors in {model}.")


def _find_folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    spec = importlib.util.find_spec(model) if model.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(f"SEMANTIC_MODEL: {model} is neither a folder nor an installed package.")
    return Path(spec.submodule_search_locations[0])


def _first(folder: Path, pattern: str, holding: bytes = b"") -> Path | None:
    """The first file of a pattern, by path, that holds these bytes; "tokenizer_config.json" is no tokenizer."""
    return next((path for path in sorted(folder.rglob(pattern)) if not holding or holding in path.read_bytes()), None)


def _need(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"SEMANTIC_MODEL needs {package}: pip install -r requirements-semantic.txt"
        ) from error


def _load_tokenizer(path: Path) -> Any:
    tokenizer = _need("tokenizers").Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    return tokenizer


def _read_matrix(path: Path) -> npt.NDArray[Any]:
    """The one matrix of a safetensors file: eight bytes of length, a JSON header, raw numbers."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    tensors = [each for name, each in header.items() if name != "__metadata__"]
    if len(tensors) != 1 or len(tensors[0]["shape"]) != 2 or tensors[0]["dtype"] not in _TYPES:
        raise ImproperlyConfigured(f"SEMANTIC_MODEL: {path.name} is not one matrix of 16- or 32-bit numbers.")
    start = 8 + length + tensors[0]["data_offsets"][0]
    return np.memmap(path, dtype=_TYPES[tensors[0]["dtype"]], mode="r", offset=start, shape=tuple(tensors[0]["shape"]))


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _unit(rows: npt.NDArray[Any]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return unit
