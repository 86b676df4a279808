"""python3 -m unittest discover training"""

import unittest

from labels import align, from_segments, stated, tokens


def shares(blocks, gold):
    return [round(it, 2) for it in align([tokens(it) for it in blocks], tokens(gold))]


STORY = "the night ferry sailed again on monday after eleven years in dock"
MORE = "it will cross twice a week until the ice comes the harbour office said"


class Labels(unittest.TestCase):
    def test_a_teaser_does_not_claim_what_the_story_claims(self):
        blocks = [STORY, "home", "news", STORY, MORE]
        self.assertEqual(shares(blocks, f"{STORY} {MORE}")[3:], [1, 1])
        self.assertEqual(sum(shares(blocks, f"{STORY} {MORE}")), 2)

    def test_a_kicker_does_not_claim_the_word_of_a_dateline(self):
        blocks = ["berlin", f"berlin {STORY}", MORE]
        self.assertEqual(shares(blocks, f"berlin {STORY} {MORE}"), [0, 1, 1])

    def test_a_short_heading_in_its_place_is_claimed(self):
        blocks = [STORY, "a new era", MORE, "a new era"]
        self.assertEqual(shares(blocks, f"{STORY} a new era {MORE}"), [1, 1, 1, 0])

    def test_a_paragraph_that_the_gold_shortens_is_claimed_in_part(self):
        cut = " ".join(STORY.split()[:7])
        share = shares([STORY, MORE], f"{cut} {MORE}")[0]
        self.assertTrue(0.3 < share < 0.7, share)

    def test_order_decides_between_two_places(self):
        self.assertEqual(shares([MORE, STORY], f"{STORY} {MORE}").count(1.0), 1)

    def test_nothing_matches_nothing(self):
        self.assertEqual(shares(["", "home"], ""), [0, 0])

    def test_segments_label_only_what_they_name(self):
        labels = from_segments([STORY, "subscribe  now", MORE], ["eleven years in dock"], ["subscribe now"])
        self.assertEqual(labels, [1, 0, None])

    def test_parts_that_may_stand_in_the_text_are_recognised_whole_in_pieces_and_together(self):
        parts = [tokens("The ferry in dock. Photo: A. Strand"), tokens("Read more about ferries")]
        blocks = ["photo a strand", "Read more about ferries", STORY, "Read more about ferries photo: harbour", ""]
        both = "read more about ferries the ferry in dock photo a strand"
        self.assertEqual(stated([tokens(it) for it in [*blocks, both]], parts), [True, True, False, False, False, True])


if __name__ == "__main__":
    unittest.main()
