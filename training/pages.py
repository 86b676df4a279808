"""Trains the scorer of whole pages: article or not. Words are weighted by logistic regression; trees then
see their sum among the other features. For training, the sums come from weights that have not seen the
page's site, or the trees would trust them too much."""

import json

import lightgbm as lgb
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

SEED = 20261124
FEWEST_PAGES = 8
# Only this set has pages that are not articles; those of the other sets are all articles, and count half.
MIXED = "wcxb"
OTHERS = 0.5
SPREAD = 10.0
TREES = 300
PARAMETERS = dict(
    objective="binary",
    learning_rate=0.04,
    num_leaves=12,
    min_data_in_leaf=20,
    feature_fraction=0.5,
    bagging_fraction=0.8,
    bagging_freq=1,
    lambda_l2=3.0,
    max_bin=127,
    seed=SEED,
    deterministic=True,
    force_row_wise=True,
    num_threads=2,
    verbose=-1,
)


class Pages:
    """The output of `newsprint features` on whole pages; the sum of the words is the last column."""

    def __init__(self, folders, gold, folds):
        rows, words, counts, self.names = [], [], [], []
        for folder in folders:
            names = json.loads((folder / "names.json").read_text())
            self.codes, self.columns = names["codes"], names["page"]
            rows.append(np.fromfile(folder / "pages.f32", "<f4").reshape(-1, len(self.columns)))
            words.append(np.fromfile(folder / "page_words.u32", "<u4"))
            counts.append(np.fromfile(folder / "page_word_counts.u32", "<u4"))
            for line in open(folder / "blocks.jsonl", encoding="utf-8"):
                self.names.append(json.loads(line)["page"].rsplit("/", 1)[-1].split(".html")[0])
        assert self.columns[-1] == "words"
        self.rows = np.concatenate(rows)
        page_of = np.repeat(np.arange(len(self.names)), np.concatenate(counts))
        self.hashes, at, pages = np.unique(np.concatenate(words), return_inverse=True, return_counts=True)
        keep = pages >= FEWEST_PAGES
        self.hashes = self.hashes[keep]
        place = np.cumsum(keep) - 1
        used = keep[at]
        shape = (len(self.names), int(keep.sum()))
        bags = csr_matrix((np.ones(used.sum()), (page_of[used], place[at[used]])), shape=shape)
        sizes = np.asarray(bags.sum(axis=1)).ravel()
        self.bags = csr_matrix(bags.multiply(1 / np.sqrt(sizes + 1)[:, None]))
        self.label = np.array([gold[name]["type"] == "article" for name in self.names])
        self.mixed = np.array([gold[name]["set"] == MIXED for name in self.names])
        self.kinds = [gold[name]["type"] for name in self.names]
        self.sets = [gold[name]["set"] for name in self.names]
        self.fold = np.array([folds[name] for name in self.names])


def weigh(bags, label, weight):
    """Logistic regression with both classes of equal weight: (weights, bias)."""
    sign = np.where(label, 1.0, -1.0)
    share = np.where(label, 0.5 / weight[label].sum(), 0.5 / weight[~label].sum()) * weight * len(label)

    def loss(point):
        margin = sign * (bags @ point[:-1] + point[-1])
        slope = -share * sign / (1 + np.exp(margin))
        value = (share * np.logaddexp(0, -margin)).sum() + (point[:-1] ** 2).sum() / (2 * SPREAD)
        return value, np.append(bags.T @ slope + point[:-1] / SPREAD, slope.sum())

    point = minimize(loss, np.zeros(bags.shape[1] + 1), jac=True, method="L-BFGS-B", options=dict(maxiter=200)).x
    return point[:-1], point[-1]


def sums_unseen(pages, use):
    """The sums of the words of these pages, each by weights that have not seen its site."""
    sums = np.zeros(len(use))
    folds = pages.fold[use]
    for fold in np.unique(folds):
        rest, here = use[folds != fold], folds == fold
        weights, bias = weigh(pages.bags[rest], pages.label[rest], weight_of(pages)[rest])
        sums[here] = pages.bags[use[here]] @ weights + bias
    return sums


def weight_of(pages):
    return np.where(pages.mixed, 1.0, OTHERS)


def grow(pages, use, sums):
    rows = np.c_[pages.rows[use, :-1], sums]
    weight = weight_of(pages)[use] * np.where(pages.label[use], 0.4, 1.0)
    return lgb.train(PARAMETERS, lgb.Dataset(rows, pages.label[use], weight=weight), num_boost_round=TREES)


def validate(pages):
    """Prints how well pages are classified, each by trees that have not seen its site."""
    said = np.zeros(len(pages.names))
    for fold in np.unique(pages.fold):
        use, here = np.flatnonzero(pages.fold != fold), np.flatnonzero(pages.fold == fold)
        trees = grow(pages, use, sums_unseen(pages, use))
        weights, bias = weigh(pages.bags[use], pages.label[use], weight_of(pages)[use])
        said[here] = trees.predict(np.c_[pages.rows[here, :-1], pages.bags[here] @ weights + bias])
    print("article or not, cross-validated; balanced accuracy on wcxb, articles found by set:")
    sets = sorted(set(pages.sets))
    for bound in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        found = said > bound
        yes, no = found[pages.mixed & pages.label].mean(), (~found[pages.mixed & ~pages.label]).mean()
        by_set = {name: found[(np.array(pages.sets) == name) & pages.label].mean().round(3) for name in sets}
        print(f"  from {bound}: {(yes + no) / 2:.4f}; " + "  ".join(f"{k} {v}" for k, v in by_set.items()))
    kinds = np.array(pages.kinds)
    print("  taken for articles at 0.3: " + "  ".join(
        f"{kind} {(said[pages.mixed & (kinds == kind)] > 0.3).mean():.3f}" for kind in sorted(set(kinds[pages.mixed]))
    ), flush=True)


def train(pages):
    """(column names, (hashes, weights, bias), trees) of all pages."""
    everything = np.arange(len(pages.names))
    trees = grow(pages, everything, sums_unseen(pages, everything))
    weights, bias = weigh(pages.bags, pages.label, weight_of(pages))
    # Words with next to no weight only take space.
    keep = np.abs(weights) > np.abs(weights).max() / 127 / 2
    return pages.columns, (pages.hashes[keep], weights[keep], bias), trees
