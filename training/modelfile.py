"""The model file, as `src/extract/model/` reads it."""

import json
import struct

import numpy as np

MAGIC = b"newsmod1"
STEP = 16  # word weights are kept in sixteenths


def write(path, about, words, first, second):
    """`words` is (hashes, weights); a forest is a LightGBM booster, or None."""
    head = json.dumps(about, separators=(",", ":")).encode()
    sections = [head, word_section(*words), forest_section(first), forest_section(second)]
    with open(path, "wb") as file:
        file.write(MAGIC)
        for section in sections:
            file.write(struct.pack("<I", len(section)) + section)


def word_section(hashes, weights):
    order = np.argsort(hashes)
    steps = np.clip(np.round(weights[order] * STEP), -127, 127).astype(np.int8)
    return struct.pack("<I", len(order)) + hashes[order].astype("<u4").tobytes() + steps.tobytes()


def forest_section(booster):
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
