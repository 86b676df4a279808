"""The model file, as `src/extract/model/` reads it."""

import json
import pathlib
import struct

import numpy as np

MAGIC = b"newsmod3"
STEP = 16  # word weights are stored in sixteenths


def write(path, about, words, first, second):
    """`about` is the head, `words` is (hashes, weights), `first` and `second` are LightGBM boosters or
    None. The scorer of whole pages is added by `with_pages`."""
    about = dict(page=[], page_scale=0.0, page_bias=0.0) | about
    head = json.dumps(about, separators=(",", ":")).encode()
    nothing = [word_section(np.array([], np.uint32), np.array([])), trees_section(None)]
    write_sections(path, [head, word_section(*words), trees_section(first), trees_section(second), *nothing])


def with_pages(path, source, codes, names, words, trees):
    """Copies the model `source` to `path` with a scorer of whole pages: `names` are its features,
    `words` is (hashes, weights, bias). Both must be trained with the same codes."""
    head, *blocks = read_sections(source)[:4]
    hashes, weights, bias = words
    # The file stores weights in steps; the scale uses their whole range.
    scale = float(np.abs(weights).max()) * STEP / 127
    about = json.loads(head)
    if about["codes"] != codes:
        raise ValueError(f"{source} was trained with other codes: train again from the start")
    about |= dict(page=names, page_scale=scale, page_bias=float(bias))
    head = json.dumps(about, separators=(",", ":")).encode()
    write_sections(path, [head, *blocks, word_section(hashes, weights / scale), trees_section(trees)])


def read_sections(path):
    data = pathlib.Path(path).read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"{path} does not begin with {MAGIC.decode()}: made by another version; train again from the start")
    sections, at = [], len(MAGIC)
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        sections.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return sections


def write_sections(path, sections):
    with open(path, "wb") as file:
        file.write(MAGIC)
        for section in sections:
            file.write(struct.pack("<I", len(section)) + section)


def word_section(hashes, weights):
    order = np.argsort(hashes)
    steps = np.clip(np.round(weights[order] * STEP), -127, 127).astype(np.int8)
    return struct.pack("<I", len(order)) + hashes[order].astype("<u4").tobytes() + steps.tobytes()


def trees_section(booster):
    if booster is None:
        return struct.pack("<HfH", 0, 0.0, 0)
    model = booster.dump_model()
    features = model["max_feature_idx"] + 1
    trees = [tree_section(info["tree_structure"]) for info in model["tree_info"]]
    return struct.pack("<HfH", features, 0.0, len(trees)) + b"".join(trees)


def tree_section(root):
    nodes, leaves = [], []

    def visit(node):
        if "leaf_value" in node and "split_feature" not in node:
            leaves.append(node["leaf_value"])
            return ~(len(leaves) - 1)
        at = len(nodes)
        nodes.append(None)
        left = visit(node["left_child"])
        right = visit(node["right_child"])
        step = lambda child: child - at if child >= 0 else child
        nodes[at] = (node["split_feature"], below(node["threshold"]), step(left), step(right))
        return at

    visit(root)
    packed = b"".join(struct.pack("<Hfhh", *node) for node in nodes)
    return struct.pack("<H", len(nodes)) + packed + np.array(leaves, "<f4").tobytes()


def below(threshold):
    """The largest 32-bit number that is not above: what lies on the left stays there."""
    number = np.float32(threshold)
    return float(number if float(number) <= threshold else np.nextafter(number, np.float32(-np.inf)))
