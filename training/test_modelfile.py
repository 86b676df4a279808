"""python3 -m unittest discover training"""

import importlib.util
import struct
import unittest

HAS_NUMPY = importlib.util.find_spec("numpy") is not None
if HAS_NUMPY:
    from modelfile import forest_section


class Booster:
    """As much of a LightGBM booster as is written down: trees of one leaf, over two features."""

    def __init__(self, *leaves):
        self.leaves = leaves

    def dump_model(self):
        trees = [{"tree_structure": {"leaf_value": value}} for value in self.leaves]
        return {"max_feature_idx": 1, "tree_info": trees}


@unittest.skipUnless(HAS_NUMPY, "needs numpy")
class ModelFile(unittest.TestCase):
    def test_the_trees_of_two_forests_stand_by_turns_and_count_half(self):
        section = forest_section([Booster(2, 4), Booster(6, 8)])
        features, base, trees, *rest = struct.unpack("<HfH" + "Hf" * 4, section)
        self.assertEqual((features, base, trees), (2, 0, 4))
        self.assertEqual(rest[1::2], [1, 3, 2, 4])

    def test_no_forest_is_an_empty_one(self):
        self.assertEqual(struct.unpack("<HfH", forest_section([])), (0, 0, 0))
