"""Closeness in meaning by a model of three words: what is embedded, kept, refreshed, and left out."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from matching.rankers import available, rank_by_meaning, rank_by_product
from matching.search import search_references
from references import embedders
from references.pool import meaning
from tests.factories import make_case_study, make_contact, make_customer
from users.enums import Role
from users.models import User

pytestmark = pytest.mark.django_db


class Counting:
    """A model that knows boats, trains and bread by their kinds of words, and counts what it is asked."""

    name, size = "counting", 3
    kinds = (("ship", "boat", "vessel"), ("train", "railway"), ("bread", "bakery"))

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> embedders.Vectors:
        self.asked.extend(texts)
        rows = [[float(any(word in text.lower() for word in kind)) for kind in self.kinds] for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(-1, 3)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.where(lengths > 0, lengths, 1)).astype(np.float32)


@pytest.fixture
def model(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    found = Counting()
    settings.SEMANTIC_MODEL, settings.VAR_DIR = "counting", tmp_path
    monkeypatch.setattr(meaning, "open_embedder", lambda _name: found)
    return found


def _customer(name: str, told: str) -> None:
    customer = make_customer(name)
    make_case_study(customer, title="A story", challenge=told)
    make_contact(customer, consents=["call"])


def test_other_words_of_the_same_meaning_are_found(model: Counting) -> None:
    _customer("Baker", "Our bakery sells at dawn.")
    _customer("Ferries", "A vessel leaves each hour.")
    assert rank_by_meaning("Somebody with boats").names[0] == "Ferries"
    found = search_references(user=User(email="operator", role=Role.ADMIN), text="Boats that leave at each hour")
    assert found.candidates[0].card.customer_name == "Ferries"
    assert any("100 % close in meaning" in term.words for term in found.candidates[0].terms)


def test_only_what_changed_is_embedded_again(model: Counting) -> None:
    _customer("Baker", "Our bakery sells at dawn.")
    rank_by_meaning("boats")
    before = len(model.asked)
    _customer("Ferries", "A vessel leaves each hour.")
    rank_by_meaning("boats")
    assert [text for text in model.asked[before:] if "bakery" in text] == []
    assert any("vessel" in text for text in model.asked[before:])


def test_names_are_not_embedded(model: Counting) -> None:
    _customer("Zanzibar Ferries", "Zanzibar Ferries sails a vessel each hour.")
    rank_by_meaning("boats")
    assert not any("Zanzibar" in text for text in model.asked)


def test_without_a_model_nothing_is_embedded(settings: Any) -> None:
    settings.SEMANTIC_MODEL = ""
    _customer("Ferries", "A vessel leaves each hour.")
    assert meaning.embed_question("boats") is None
    assert "embedding" not in available()
    assert rank_by_product("vessel").names == ["Ferries"]


def test_a_matrix_is_read_as_it_was_written(tmp_path: Path) -> None:
    matrix = np.arange(6, dtype=np.float16).reshape(3, 2)
    path = tmp_path / "model.safetensors"
    _write_matrix(path, matrix)
    assert embedders._read_matrix(path).tolist() == matrix.tolist()


def test_no_library_of_models_is_imported_without_the_setting() -> None:
    asked = (
        "import django, sys; django.setup(); import matching.search, matching.rankers, references.pool.meaning as m; "
        "assert m.embedder() is None; print([each for each in ('onnxruntime', 'tokenizers') if each in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "SEMANTIC_MODEL": "", "DJANGO_SETTINGS_MODULE": "refprogram.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_a_customer_has_a_bounded_number_of_passages_the_newest_first(model: Counting) -> None:
    customer = make_customer("Ferries")
    for number in range(meaning.MOST_PASSAGES):
        make_case_study(customer, title=f"Story {number}", challenge=f"Vessel {number}")
    passages = meaning.read_passages([customer.pk])[customer.pk]
    assert len(passages) == meaning.MOST_PASSAGES
    assert f"Story {meaning.MOST_PASSAGES - 1}" in passages[0]


def test_vectors_are_kept_for_the_next_process_and_let_go_when_nobody_asks(model: Counting) -> None:
    first = meaning.embed_kept(model, ["a boat", "a train"])
    assert meaning.embed_kept(model, ["a train", "a boat"]).tolist() == first[::-1].tolist()
    assert model.asked == ["a boat", "a train"]
    later = timezone.now() + timedelta(days=meaning.KEPT_DAYS + 1)
    with mock.patch("django.utils.timezone.now", return_value=later):
        meaning.embed_kept(model, ["a boat"])
        assert model.asked == ["a boat", "a train"]
        meaning.embed_kept(model, ["a train"])
    assert model.asked == ["a boat", "a train", "a train"]


def test_token_vectors_are_averaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A static model of three tokens, with a tokenizer that splits at spaces."""
    matrix = np.array([[3.0, 0.0], [0.0, 3.0], [-3.0, 0.0]], dtype=np.float32)
    _write_matrix(tmp_path / "model.safetensors", matrix)
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": ["ship", "bread", "far"]}))
    monkeypatch.setattr(embedders, "_load_tokenizer", _Splitting)
    found = embedders.open_embedder(str(tmp_path))
    half = 0.5**0.5
    wanted = np.array([[1, 0], [half, half], [0, 0], [0, 0]])
    assert np.allclose(found.embed(["ship", "ship bread", "", "ship far"]), wanted)


def test_a_batch_changes_no_sentence(tmp_path: Path) -> None:
    """A sentence transformer of one layer: it gives each token its vector, and the mean leaves padding out."""
    pytest.importorskip("onnxruntime")
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.models.WordLevel({"[UNK]": 0, "ship": 1, "bread": 2}, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "model.onnx").write_bytes(_gathering_model(np.eye(3, dtype=np.float32)))
    model = embedders.open_embedder(str(tmp_path))
    texts = ["ship ship bread", "bread", "ship"]
    together = model.embed(texts)
    assert np.allclose(together, np.array([[0, 2 / 5**0.5, 1 / 5**0.5], [0, 0, 1], [0, 1, 0]]))
    assert np.allclose(together, np.stack([model.embed([text])[0] for text in texts]))


class _Splitting:
    def __init__(self, path: Path) -> None:
        self.words: list[str] = json.loads(path.read_text())["model"]

    def encode(self, text: str, *, add_special_tokens: bool) -> SimpleNamespace:
        assert not add_special_tokens
        return SimpleNamespace(ids=[self.words.index(word) for word in text.split()])


def _write_matrix(path: Path, matrix: Any) -> None:
    kind = {"float32": "F32", "float16": "F16"}[str(matrix.dtype)]
    described = {"dtype": kind, "shape": list(matrix.shape), "data_offsets": [0, matrix.nbytes]}
    header = json.dumps({"embeddings": described}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + matrix.tobytes())


def _field(number: int, value: int | bytes) -> bytes:
    """One field of a protocol buffer: a number, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    head, rest = value & 127, value >> 7
    return bytes([head | 128]) + _varint(rest) if rest else bytes([head])


def _gathering_model(matrix: Any) -> bytes:
    """An ONNX file of one node, `last_hidden_state = matrix[input_ids]`."""
    shape = b"".join(_field(1, size) for size in matrix.shape)
    weights = shape + _field(2, 1) + _field(8, b"matrix") + _field(9, matrix.tobytes())
    node = _field(1, b"matrix") + _field(1, b"input_ids") + _field(2, b"last_hidden_state") + _field(4, b"Gather")

    def tensor(name: bytes, kind: int, axes: tuple[bytes, ...]) -> bytes:
        sizes = b"".join(_field(1, _field(2, axis)) for axis in axes)
        return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, sizes)))

    graph = _field(1, node) + _field(2, b"gather") + _field(5, weights)
    graph += _field(11, tensor(b"input_ids", 7, (b"texts", b"tokens")))
    graph += _field(12, tensor(b"last_hidden_state", 1, (b"texts", b"tokens", b"numbers")))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _field(2, 17))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="neither a folder nor an installed package"):
        embedders.open_embedder("no_such_model_anywhere")
    with pytest.raises(ImproperlyConfigured, match="no tokenizer"):
        embedders.open_embedder(str(tmp_path))
