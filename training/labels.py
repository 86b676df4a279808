"""Which blocks of a page are in its gold text.

A page's blocks and its gold are token lists. Each block may claim a stretch of the gold. Claims keep the
page's order, never overlap, and together cover as much gold as possible: the heaviest increasing chain
of candidates, found with a Fenwick tree of running maxima. So a teaser above the story does not claim
what the story's own paragraph claims, and a one-word kicker ('Berlin') does not claim the first word of
a dateline that its paragraph covers.
"""

import collections
import re

TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
SHINGLE = 4
# How many tokens two texts of one paragraph may be shifted by, where one leaves out some.
DRIFT = 6
# Most candidates of one block.
PLACES = 20
# Blocks to each side whose claims support a claim.
NEARBY = 5
# A block with this share of its shingles or more is in the gold, and one below the second share is not;
# blocks between are left out of the training.
IN, OUT = 0.5, 0.15


def tokens(text):
    return TOKEN.findall(text.lower())


def align(blocks, gold):
    """The share of each block's tokens that it claims of the gold, given token lists."""
    grams = index(gold)
    claims = []  # (block, start, end, weight, share)
    for number, block in enumerate(blocks):
        claims.extend((number, *place) for place in places(block, grams))
    claims = favour_neighbours(claims, len(blocks))
    shares = [0.0] * len(blocks)
    for number, *_, share in heaviest_chain(claims, len(gold)):
        shares[number] = share
    return shares


def favour_neighbours(claims, count):
    """Gives a claim among other claims a little more weight, to choose between two blocks with the same text."""
    heaviest = [0.0] * count
    for number, _, _, weight, share in claims:
        heaviest[number] = max(heaviest[number], weight * share)
    nearby = []
    for number in range(count):
        near = range(max(0, number - NEARBY), min(count, number + NEARBY + 1))
        nearby.append(sum(heaviest[it] / abs(it - number) for it in near if it != number))
    most = max(nearby, default=0) or 1
    return [
        (number, start, end, weight * (1 + 0.05 * nearby[number] / most), share)
        for number, start, end, weight, share in claims
    ]


def index(gold):
    grams = collections.defaultdict(list)
    for size in range(1, SHINGLE + 1):
        for at in range(len(gold) - size + 1):
            grams[tuple(gold[at : at + size])].append(at)
    return grams


def places(block, grams):
    """Where a block may be in the gold: (start, end, weight, share)."""
    size = min(len(block), SHINGLE)
    if size == 0:
        return
    if len(block) <= SHINGLE:
        for at in grams.get(tuple(block), [])[:PLACES]:
            yield at, at + len(block), len(block), 1.0
        return
    hits = []  # (offset of the block in the gold, place in the block)
    for at in range(len(block) - size + 1):
        hits.extend((found - at, at) for found in grams.get(tuple(block[at : at + size]), [])[:PLACES])
    hits.sort()
    all_shingles = len(block) - size + 1
    groups = collections.Counter()
    for offset, _ in hits:
        groups[offset] += 1
    for offset, _ in groups.most_common(3):
        near = [(o + at, at) for o, at in hits if abs(o - offset) <= DRIFT]
        covered = len({at for _, at in near})
        share = covered / all_shingles
        if share > OUT:
            start, end = min(p for p, _ in near), max(p for p, _ in near) + size
            yield start, end, covered + size - 1, share


def heaviest_chain(claims, length):
    """The heaviest chain of claims in the order of blocks and of the gold that do not overlap."""
    best = [(0.0, None)] * (length + 2)  # Fenwick tree: heaviest chain that ends up to a place
    links = []

    def query(place):
        found, place = (0.0, None), place + 1
        while place > 0:
            found = max(found, best[place], key=lambda it: it[0])
            place -= place & -place
        return found

    def update(place, value):
        place += 1
        while place < len(best):
            if best[place][0] < value[0]:
                best[place] = value
            place += place & -place

    at = 0
    while at < len(claims):
        until = at
        while until < len(claims) and claims[until][0] == claims[at][0]:
            until += 1
        fresh = []
        for number, start, end, weight, share in claims[at:until]:
            before, link = query(start)
            fresh.append((end, before + weight * share))
            links.append(((number, start, end, weight, share), link))
        for offset, (end, value) in enumerate(fresh):
            update(end, (value, at + offset))
        at = until
    chain, (_, link) = [], query(length)
    while link is not None:
        claim, link = links[link]
        chain.append(claim)
    return chain[::-1]


def squeeze(text):
    return re.sub(r"\s+", " ", text or "").strip()


def from_segments(texts, wanted, unwanted):
    """Labels by segments that must and must not appear: 1, 0, or None where no segment applies."""
    labels = [None] * len(texts)
    squeezed = [squeeze(text) for text in texts]
    for segment in map(squeeze, unwanted):
        for number, text in enumerate(squeezed):
            if segment and segment in text and len(text) < 3 * len(segment) + 40:
                labels[number] = 0
    for segment in map(squeeze, wanted):
        for number, text in enumerate(squeezed):
            if segment and segment in text:
                labels[number] = 1
    return labels


def stated(blocks, parts):
    """Whether each block is one of these parts, a piece of one, or made of several; given token lists."""
    said = sorted((f" {' '.join(part)} " for part in parts if part), key=len, reverse=True)

    def is_stated(block):
        left = f" {' '.join(block)} "
        if any(left in part for part in said):
            return True
        for part in said:
            left = left.replace(part, "  ")
        return not left.strip()

    return [bool(block) and is_stated(block) for block in blocks]
