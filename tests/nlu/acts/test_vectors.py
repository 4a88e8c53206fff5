import numpy as np

from nlu.acts.vectors import encode_all, encoder_print


class Counting:
    def __init__(self):
        self.texts = []

    def encode(self, texts):
        self.texts += texts
        rows = np.array([[len(text), 1.0] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_encode_all_encodes_only_what_is_new(tmp_path):
    encoder, store = Counting(), tmp_path / "kept.npz"
    first = encode_all(encoder, ["one", "three", "one"], store)
    assert sorted(encoder.texts) == ["one", "three"]
    again = encode_all(encoder, ["three", "seventeen"], store)
    assert encoder.texts[2:] == ["seventeen"]
    assert np.allclose(first[1], again[0], atol=1e-3)
    assert encode_all(encoder, ["one"]).shape == (1, 2)


def test_encode_all_starts_again_when_the_file_is_broken(tmp_path, caplog):
    store = tmp_path / "kept.npz"
    store.write_bytes(b"no archive")
    assert encode_all(Counting(), ["one"], store).shape == (1, 2)
    assert "encoding again" in caplog.text


def test_encoder_print_is_the_same_for_the_same_encoder():
    assert encoder_print(Counting()) == encoder_print(Counting())
