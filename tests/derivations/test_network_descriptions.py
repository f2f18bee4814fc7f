"""Networks from options and from files: what is read, exactly, and every error whole."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations.errors import HwcheckError, InputError, LimitError
from hwcheck.derivations.networks.description_files import LONGEST, read_entries
from hwcheck.derivations.networks.descriptions import describe, from_options, merged, option_entries, read_description
from hwcheck.derivations.networks.networks import Layer, Network

HALF = Fraction(1, 2)

TOML = """
# two inputs, two hidden units
activations = ["relu", "identity"]
loss = "half-squared"
weights = [[[1, 0.10], ["1/2", -3]], [[2e-1, -1_000]]]
biases = [[0, "-1/3"], [1]]
input = [1, 2]
target = [0.5]
"""

YAML = """
layers: 2, h, 1
activation: tanh
loss: NLL
convention: Wᵀx + b
batch: rows
mean: yes
weights: {W1: [[1, 1/2], [.25, −3]], W2: [[1], [-1]]}
biases: [[0, 1], none]
inputs: {A: [1, 0], B: [0, 1]}
targets: [1, 0]
"""


def test_toml() -> None:
    assert read_description(TOML) == Network(
        (Layer(2, 2, "relu"), Layer(2, 1)), "half-squared",
        weights={1: ((1, Fraction(1, 10)), (HALF, -3)), 2: ((Fraction(1, 5), -1000),)}, biases={1: (0, Fraction(-1, 3)), 2: (1,)},
        inputs=((1, 2),), targets=((HALF,),),
    )  # fmt: skip


def test_yaml() -> None:
    found = describe(read_entries(YAML))
    assert found.names == ("A", "B")
    assert found.network == Network(
        (Layer(2, 2, "tanh"), Layer(2, 1, "tanh", bias=False)), "cross-entropy", "WTx", "rows", True,
        weights={1: ((1, HALF), (Fraction(1, 4), -3)), 2: ((1,), (-1,))}, biases={1: (0, 1)},
        inputs=((1, 0), (0, 1)), targets=((1,), (0,)),
    )  # fmt: skip


def test_json_is_yaml(tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    file.write_text('{"layers": [1, 1], "weights": [["3/4"]], "mean": false}')
    assert read_description(file).weights == {1: ((Fraction(3, 4),),)}


def test_the_ending_says_the_kind(tmp_path: Path) -> None:
    file = tmp_path / "net.toml"
    file.write_text(TOML)
    assert read_description(file) == read_description(TOML, "toml")


def test_options() -> None:
    network = from_options(layers="2 → h → k", activations="σ,softmax", loss="cross entropy", convention="outputs-by-inputs",
                           batch="columns", mean=True)
    assert network == Network((Layer(2, "h", "sigmoid"), Layer("h", "k", "softmax")), "cross-entropy", "Wx", "columns", True)


def test_options_with_numbers() -> None:
    network = from_options(activations="relu", weights="[[[1/2, 1], [0, 1]], [[1, 1]]]", biases="[[0,0],[0]]", inputs=["1,2"],
                           targets=["-1/3"])
    assert (network.layers, network.weights[1][0], network.inputs, network.targets) == (
        (Layer(2, 2, "relu"), Layer(2, 1, "relu")), (HALF, 1), ((1, 2),), ((Fraction(-1, 3),),))  # fmt: skip
    assert network.batch == "one"


@pytest.mark.parametrize(
    ("written", "convention"),
    [
        ("Wx+b", "Wx"), ("W x + b", "Wx"), ("W @ x + b", "Wx"), ("outputs-by-inputs", "Wx"), ("outputs × inputs", "Wx"), ("XW^T + b", "Wx"),
        ("W^Tx+b", "WTx"), ("Wᵀx+b", "WTx"), (r"W^\top x + b", "WTx"), ("W.T @ x + b", "WTx"), ("W'x", "WTx"), ("W^{T} x", "WTx"),
        ("inputs_by_outputs", "WTx"), ("XW + b", "WTx"), ("wtx", "WTx"),
    ],
)  # fmt: skip
def test_conventions(written: str, convention: str) -> None:
    assert from_options(layers="2,1", convention=written).convention == convention


@pytest.mark.parametrize(
    ("written", "name"),
    [("σ", "sigmoid"), ("ReLU", "relu"), ("swish", "silu"), ("linear", "identity"), ("none", "identity"), ("SoftMax", "softmax"),
     (r"\sigma", "sigmoid"), ("leaky-relu", "leaky_relu")],
)  # fmt: skip
def test_activations(written: str, name: str) -> None:
    assert [layer.activation for layer in from_options(layers="2,1,1", activations=written).layers] == [name, name]


def test_without_activations_all_are_identity() -> None:
    assert {layer.activation for layer in from_options(layers="2,1,1").layers} == {"identity"}


def test_biases() -> None:
    def having(**said: str) -> list[bool]:
        return [layer.bias for layer in from_options(**said).layers]

    assert having(layers="2,2,1") == [True, True]
    assert having(layers="2,2,1", biases="none") == [False, False]
    assert having(layers="1,1,1", weights="[1, 2]") == [False, False], "numbers for the weights alone: no bias"
    assert having(layers="1,1,1", weights="[1, 2]", biases="[none, 3]") == [False, True]
    assert read_description("layers: [1, 2]\nbiases: [[[1], [1/2]]]").biases == {1: (1, HALF)}


def test_letters_become_numbers() -> None:
    network = from_options(layers="d,h,1", weights="[[[1,2,3],[4,5,6]],[[1,1]]]")
    assert [(layer.inputs, layer.outputs) for layer in network.layers] == [(3, 2), (2, 1)]
    assert from_options(layers="d,d,1", inputs=["1,2"]).layers[0] == Layer(2, 2)


def test_several_examples_make_a_batch() -> None:
    examples = ["0,1", "1,0"]
    assert from_options(layers="2,1", inputs=examples).batch == "columns"
    assert from_options(layers="2,1", inputs=["0,1; 1,0"], convention="W^Tx+b").batch == "rows"
    assert from_options(layers="2,1", inputs=examples, batch="one").batch == "one", "one by one"
    assert from_options(layers="1,1", inputs=["1", "1/2"]).inputs == ((1,), (HALF,))


def test_one_row_needs_no_inner_brackets() -> None:
    assert from_options(layers="2,1,3", weights="[[1, 2], [1, 2, 3]]").weights == {1: ((1, 2),), 2: ((1,), (2,), (3,))}


def test_examples_of_one_number() -> None:
    found = read_description("layers: [1, 1]\ninputs: [0, 1, 1/2]\ntargets: [1, 0, 0]")
    assert found.inputs == ((0,), (1,), (HALF,))
    assert found.batch == "columns"


def test_what_comes_later_counts() -> None:
    network = describe(merged(read_entries(TOML), option_entries(loss="squared", inputs=["3,4"]))).network
    assert (network.loss, network.inputs, network.targets) == ("squared", ((3, 4),), ((HALF,),))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "A network needs its sizes: --layers 2,3,1, “layers: [2, 3, 1]” in a file, or all weights."),
        ({"layers": "3"}, "--layers: “layers” lists the size of the input and of every layer, at least two: 2,3,1; got “3”."),
        ({"layers": "2,0,1"}, "--layers: A size is a whole number from 1, or a letter such as h; got “0”."),
        ({"layers": "2,5000,1"}, "--layers: A layer has at most 4096 units here; got 5000."),
        ({"layers": ",".join("1" * 300)}, "--layers: A network has at most 256 layers here; got 299."),
        ({"layers": "2,3,1", "activations": "sigmid"},
         "--activations: “sigmid” is no activation that hwcheck knows. Did you mean “sigmoid”? It knows elu, gelu, hardsigmoid, hardtanh, "
         "identity, leaky_relu, mish, relu, relu6, selu, sigmoid, silu, softmax, softplus, softsign, tanh."),
        ({"layers": "2,1", "activations": "leaky_relu(0.2)"},
         "--activations: An activation is written without brackets here and has its usual parameters: “leaky_relu”; got "
         "“leaky_relu(0.2)”."),
        ({"layers": "2,3,3,1", "activations": "relu,relu"},
         "--activations: 3 layers need 3 activations, or one for all of them; got 2. The last layer has an activation, too; it may be "
         "identity."),
        ({"layers": "2,1", "loss": "square"}, None),
        ({"layers": "2,1", "loss": "half squred"},
         "--loss: “loss” is half-squared, squared, cross-entropy or none; got “half squred”. Did you mean “half-squared”?"),
        ({"layers": "2,1", "convention": "xyz"},
         "--convention: “convention” is Wx+b (a weight matrix is outputs × inputs) or W^Tx+b (inputs × outputs); got “xyz”."),
        ({"layers": "2,1", "batch": "colums"},
         "--batch: “batch” is one, columns or rows; got “colums”. Did you mean “columns”?"),
        ({"layers": "2,3,1", "weights": "[[[1,2],[3,4]],[[1,1,1]]]"},
         "--weights: W_1 is 2 × 2; 3 × 2 is expected (outputs × inputs, for Wx + b)."),
        ({"layers": "2,3,1", "weights": "[[[1,2,3],[3,4,5]],[[1],[1],[1]]]"},
         "--weights: W_1 is 2 × 3; 3 × 2 is expected (outputs × inputs, for Wx + b); it fits the convention W^Tx+b."),
        ({"weights": "[[[1,2],[3,4]],[[1,1,1]]]"},
         "--weights: W_1 has 2 outputs and W_2 takes 3 inputs (outputs × inputs, for Wx + b)."),
        ({"layers": "2,1,1", "weights": "[[[1,2]]]"}, "--weights: “weights” has 1 value, one for each layer; 2 layers expected."),
        ({"weights": "[[[1,2],[3]]]"}, "--weights: Row 2 of W_1 has 1 number, and row 1 has 2."),
        ({"weights": "[[[1,e],[3,4]]]"}, "--weights: Row 1 of W_1, number 2, is a number such as 3, -0.25 or 1/2; got “e”."),
        ({"weights": "[[[1,1/0],[3,4]]]"}, "--weights: Row 1 of W_1, number 2, is a number such as 3, -0.25 or 1/2; got “1/0”."),
        ({"weights": "[[[1,1e99]]]"},
         "--weights: Row 1 of W_1, number 2, lies between -10^12 and 10^12 and has an exponent of at most 40; got “1e99”."),
        ({"weights": "[[1, 2]]"}, "--weights: W_1 is a list of rows: [[1, 2]] is one row, [[1], [2]] a column; got numbers without rows."),
        ({"weights": "[[[1, 2]"}, "--weights:1: This is no YAML: expected ',' or ']', but got '<stream end>'."),
        ({"layers": "2,1", "biases": "[[1,2]]"}, "--biases: b_1 has 2 numbers; layer 1 has 1 unit."),
        ({"layers": "2,1", "inputs": ["1,2,3"]}, "--input: The input has 3 numbers; the network has 2 inputs."),
        ({"layers": "2,1", "inputs": ["1,2", "1"]}, "--input: The input of example 2 has 1 number; the network has 2 inputs."),
        ({"layers": "2,1", "inputs": ["1,two"]}, "--input: The input, number 2, is a number such as 3, -0.25 or 1/2; got “two”."),
        ({"layers": "2,1", "inputs": ["1,2"], "targets": ["1", "0"]},
         "--target: There is 1 input, and there are 2 targets; each example has one of both."),
    ],
)  # fmt: skip
def test_refused_options(options: dict[str, str], message: str | None) -> None:
    if message is None:
        assert from_options(**options).loss == "squared"  # type: ignore[arg-type]
        return
    with pytest.raises(InputError) as error:
        from_options(**options)  # type: ignore[arg-type]
    assert error.value.message == message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", "", "a.toml: There is nothing in it; a description has at least “layers” or “weights”."),
        ("a.yaml", "# nothing\n\n", "a.yaml: There is nothing in it; a description has at least “layers” or “weights”."),
        ("a.yaml", "- 1\n- 2\n", "a.yaml: A description is made of lines “key: value”, as in “layers: [2, 3, 1]”."),
        ("a.yaml", "layers: [2, 1]\nlos: squared\n",
         "a.yaml:2: The key “los” is not known. Did you mean “loss”? A description has layers, activations, loss, convention, batch, mean, "
         "weights, biases, inputs, targets."),
        ("a.toml", "layers = [2, 1]\n\nlearning_rate = 0.1\n",
         "a.toml:3: The key “learning_rate” is not known. A description has layers, activations, loss, convention, batch, mean, weights, "
         "biases, inputs, targets."),
        ("a.yaml", "layers: [2, 1]\nlayers: [3, 1]\n", "a.yaml:2: “layers” stands here a second time."),
        ("a.yaml", "input: [1]\ninputs: [1]\n", "a.yaml:2: “inputs” and “input” are the same; one of them is enough."),
        ("a.yaml", "layers: [2, 1\n", "a.yaml:2: This is no YAML: expected ',' or ']', but got '<stream end>'."),
        ("a.toml", "weights = [[1/2]]\n",
         'a.toml: This is no TOML: Unclosed array (at line 1, column 14). Fractions and letters stand in quotes: "1/2".'),
        ("a.toml", "weights = [[[nan]]]\n", "a.toml:1: Row 1 of W_1, number 1, is a number such as 3, -0.25 or 1/2; got “nan”."),
        ("a.toml", "weights = [[[1979-05-27]]]\n",
         "a.toml:1: Row 1 of W_1, number 1, is a number such as 3, -0.25 or 1/2; got “1979-05-27”."),
        ("a.yaml", "a: &a [1, 2]\nweights: [*a, *a]\n", "a.yaml:2: “weights” uses an alias (*name); write the value out."),
        ("a.yaml", "layers: " + "[" * 20 + "]" * 20, "a.yaml:1: “layers” has more than 8 levels of brackets."),
        ("a.yaml", "layers: [2, 2, 1]\nweights: {W1: [[1, 2], [3, 4]], W3: [[1, 1]]}\n",
         "a.yaml:2: W_2 is missing in “weights”; it has W_1, W_3."),
        ("a.yaml", "layers: [2, 1]\nmean: maybe\n", "a.yaml:2: “mean” is true (the mean over the batch) or false (the sum); got “maybe”."),
        ("a.yaml", "weights: {A: 1}\n", "a.yaml:1: “weights” names layers as W1, W2, …, each once; got “A”."),
        ("a.yaml", "layers: [1, 1]\ninputs: {A: 1, B: 2}\ntargets: {B: 1, A: 2}\n",
         "a.yaml:3: The inputs are named A, B, the targets B, A; they have the same names in the same order."),
        ("a.yaml", "weights: one\n",
         "a.yaml:1: “weights” is a list of matrices, one for each layer: [[[1, 2], [3, 4]], [[1, -1]]]; got “one”."),
    ],
)  # fmt: skip
def test_refused_files(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError) as error:
        read_description(tmp_path / name)
    assert error.value.message == message


def test_files_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    for content, message in (
        (b"layers: \xff\xfe", "net.yaml: This is no text in UTF-8 (byte 9); a description is TOML or YAML."),
        (b"layers: \0", "net.yaml: This is no text: it has a zero byte. A description is TOML or YAML."),
    ):
        file.write_bytes(content)
        with pytest.raises(InputError) as error:
            read_description(file)
        assert error.value.message == message
    file.write_bytes(b"#" * (LONGEST + 1))
    with pytest.raises(LimitError, match=r"net\.yaml: A description has at most 64 KiB\."):
        read_description(file)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_description(tmp_path / "none.toml")
    assert error.value.message.startswith("There is no file “")
    with pytest.raises(InputError, match=r"cannot be read: Is a directory\."):
        read_description(tmp_path)


def test_a_mark_at_the_beginning_is_no_text() -> None:
    assert read_description("\ufefflayers: [2, 1]").layers == (Layer(2, 1),)


def test_many_digits_end_soon() -> None:
    for text in ("weights = [[[" + "9" * 5000 + "]]]", "weights = [[[0x" + "f" * 9000 + "]]]", "weights: [[[1e999999999]]]"):
        with pytest.raises(InputError):
            read_description(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.text("layers:=[] ,12hweights{}W*&'\"\n-", max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    for kind in (None, "toml", "yaml"):
        try:
            assert read_description(text, kind).layers  # type: ignore[arg-type]
        except HwcheckError as error:
            assert error.message.endswith((".", "?", ")")) and error.exit_code == 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.fractions(max_denominator=99), min_size=2, max_size=2), min_size=1, max_size=3))
def test_numbers_stay_exact(rows: list[list[Fraction]]) -> None:
    rows = [[min(max(v, Fraction(-10**6)), Fraction(10**6)) for v in row] for row in rows]
    written = ", ".join(f"[{', '.join(map(str, row))}]" for row in rows)
    quoted = ", ".join(f"[{', '.join(f'{str(v)!r}' for v in row)}]" for row in rows)
    expected = {1: tuple(map(tuple, rows))}
    assert read_description(f"weights: [[{written}]]", "yaml").weights == expected
    assert read_description(f"weights = [[{quoted}]]", "toml").weights == expected
