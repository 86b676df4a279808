"""Trains the block scorer, and measures it on sites that it has not seen. See README.md."""

import argparse
import collections
import concurrent.futures
import datetime
import importlib.util
import json
import pathlib
import subprocess
import sys
import urllib.parse

import lightgbm as lgb
import numpy as np

import labels
import modelfile
import pages

SEED = 20261123
FOLDS = 5
THREADS = 2

# Roles that a set's gold leaves out by convention: the set's text is assembled without them.
LEFT_OUT = {
    "fundus": frozenset({"list", "quote", "table", "code"}),
    "newspaper": frozenset({"table"}),
}
# Public gold treats blocks of these roles as it likes, so what it lacks of them inside the article teaches
# nothing.
UNSURE = {"heading", "list", "quote", "table", "code"}
# Gold that was annotated block by block takes the place of a page's own, as a set of this name.
CLEAN = "clean"
SET_WEIGHT = {CLEAN: 3.0, "fundus": 2.0, "newspaper": 1.0, "trafilatura": 0.7, "wcxb": 1.0, "zhweb": 1.0}

FIRST = dict(trees=400, num_leaves=31, learning_rate=0.05, min_data_in_leaf=60)
SECOND = dict(trees=40, num_leaves=8, learning_rate=0.05, min_data_in_leaf=200)
# Pages with gold of blocks count this many times as much in the second pass.
AGAIN = 5
QUICK = dict(trees=100, num_leaves=31, learning_rate=0.1, min_data_in_leaf=60)
# The score from which a quick model is sure, and the tokens of a long paragraph.
SURE, LONG = 0.85, 20
# Where the gold is silent, scores below the one and above the other are guesses that train word weights.
NO, YES = 0.1, 0.9
# Blocks that the quick model scores lower are easy; one in so many of them trains the trees.
EASY, ONE_IN = 0.01, 6
# Blocks that the first pass scores lower are not scored again: `SETTLED` of `decide/scoring.rs`.
SETTLED = 0.02
# Points of the calibration, each the mean of an equal share of the pages.
BINS = 16
PARAMETERS = dict(
    objective="binary",
    feature_fraction=0.2,
    bagging_fraction=0.8,
    bagging_freq=1,
    lambda_l2=2.0,
    max_bin=127,
    seed=SEED,
    deterministic=True,
    force_row_wise=True,
    num_threads=1,
    verbose=-1,
)

# Second-level domains under which others register.
SHARED = {"co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go"}


def domain(url):
    """Roughly the registered domain; enough to keep a site's pages in one fold."""
    host = (urllib.parse.urlsplit(url).hostname or url).removeprefix("www.").split(".")
    size = 3 if len(host) > 2 and host[-2] in SHARED and len(host[-1]) == 2 else 2
    return ".".join(host[-size:])


class Data:
    """The output of `newsprint features` as arrays: a row a block, page after page."""

    def __init__(self, folders):
        self.pages, self.blocks, rows, words, counts = [], [], [], [], []
        for folder in folders:
            names = json.loads((folder / "names.json").read_text())
            self.codes, self.first, self.second = names["codes"], names["first"], names["second"]
            width = len(self.first) + len(self.second)
            rows.append(np.fromfile(folder / "rows.f32", "<f4").reshape(-1, width))
            words.append(np.fromfile(folder / "words.u32", "<u4"))
            counts.append(np.fromfile(folder / "word_counts.u32", "<u4"))
            for line in open(folder / "blocks.jsonl", encoding="utf-8"):
                page = json.loads(line)
                self.pages.append(pathlib.Path(page["page"]).name.split(".html")[0])
                self.blocks.append(page["blocks"])
        self.rows = np.concatenate(rows)
        self.words, self.counts = np.concatenate(words), np.concatenate(counts)
        sizes = [len(blocks) for blocks in self.blocks]
        self.page_of = np.repeat(np.arange(len(sizes)), sizes)

    def in_order_of(self, names):
        """The indexes of the rows, in the order of these pages."""
        starts = np.cumsum([0] + [len(blocks) for blocks in self.blocks])
        at = {name: number for number, name in enumerate(self.pages)}
        return np.concatenate([np.arange(starts[at[n]], starts[at[n] + 1]) for n in names])


def label_page(page, blocks):
    """(label, weight) for each block of a page."""
    texts = [text for text, _, _ in blocks]
    kind = page["set"]
    if kind == "trafilatura":
        found = labels.from_segments(texts, page["with"], page["without"])
        label = np.array([it or 0 for it in found], np.float32)
        weight = np.array([it is not None for it in found], np.float32)
    else:
        own = [labels.tokens(text) for text in texts]
        shares = np.array(labels.align(own, labels.tokens(page["text"])), np.float32)
        label = (shares >= labels.IN).astype(np.float32)
        weight = ((shares >= labels.IN) | (shares <= labels.OUT)).astype(np.float32)
        sizes = np.array([len(it) for it in own], np.float32)
        weight *= np.sqrt(sizes + 3)
        inside = np.flatnonzero(label)
        optional = labels.stated(own, [labels.tokens(part) for part in page.get("optional", ())])
        for number, (_, role, _) in enumerate(blocks):
            if label[number]:
                continue
            within = len(inside) and inside[0] <= number <= inside[-1]
            is_unsure = role == "standfirst" or (within and role in UNSURE)
            if optional[number] or (kind != CLEAN and is_unsure):
                weight[number] = 0
    for number, (_, _, settled) in enumerate(blocks):
        if settled:
            weight[number] = 0
    total = weight.sum()
    return label, weight * (SET_WEIGHT[kind] * 100 / total if total else 0)


def learn_words(data, rows, label, domains):
    """The log odds of each word. A site counts once, however many pages it has."""
    page_domain = np.array([domains[name] for name in data.pages])
    of_row = np.repeat(np.arange(len(data.counts)), data.counts)
    keep = rows[of_row]
    word, row = data.words[keep], of_row[keep]
    _, site = np.unique(page_domain, return_inverse=True)
    site = site[data.page_of[row]].astype(np.uint64)
    key, which = np.unique(word.astype(np.uint64) << 20 | site, return_inverse=True)
    ins = np.bincount(which, weights=label[row])
    all_ = np.bincount(which)
    share = ins / all_
    # A site with a word once counts less than one that has it often.
    say = all_ / (all_ + 2.0)
    hashes, at = np.unique((key >> 20).astype(np.uint32), return_inverse=True)
    plus = np.bincount(at, weights=share * say)
    minus = np.bincount(at, weights=(1 - share) * say)
    sites = np.bincount(at)
    prior = label[rows].mean()
    weights = np.log((plus + 1.5 * prior) / (minus + 1.5 * (1 - prior))) - np.log(prior / (1 - prior))
    keep = (sites >= 4) & (np.abs(weights) > 0.25)
    return hashes[keep], weights[keep]


def grow(rows, label, weight, shape, scores=None):
    """Trees for these rows; where there are scores of an earlier pass, trees that correct their log odds."""
    shape = dict(shape)
    trees = shape.pop("trees")
    use = weight > 0
    start = None if scores is None else log_odds(scores[use])
    data = lgb.Dataset(rows[use], label[use], weight=weight[use], init_score=start, free_raw_data=True)
    return lgb.train({**PARAMETERS, **shape}, data, num_boost_round=trees)


def log_odds(scores):
    scores = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.log(scores / (1 - scores))


def thinned(said, label, weight):
    """Most of a page is menus and links, which the quick model is sure of. One in some of these blocks trains
    the trees in place of all, with their weight."""
    easy = (said < EASY) & (label == 0)
    chosen = np.random.default_rng(SEED).random(len(weight)) < 1 / ONE_IN
    return np.where(easy, np.where(chosen, weight * ONE_IN, 0), weight)


def of_each_fold(train):
    """What `train` makes of each fold, two at a time: LightGBM lets other threads run."""
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(train, range(FOLDS)))


def rising_line(pairs):
    """Means of equal shares of the pages, ordered by the estimate; neighbours are pooled until they rise
    (the pool adjacent violators algorithm; Ayer et al., 1955)."""
    ordered = pairs[np.argsort(pairs[:, 0])]
    pools = [[*part[:, :2].mean(axis=0), len(part)] for part in np.array_split(ordered, BINS)]
    merged = []
    for pool in pools:
        merged.append(pool)
        while len(merged) > 1 and (merged[-1][1] <= merged[-2][1] or merged[-1][0] <= merged[-2][0]):
            (x1, y1, n1), (x0, y0, n0) = merged.pop(), merged.pop()
            n = n0 + n1
            merged.append([(x0 * n0 + x1 * n1) / n, (y0 * n0 + y1 * n1) / n, n])
    return [(round(float(x), 4), round(float(y), 4)) for x, y, _ in merged]


class Training:
    def __init__(self, args):
        self.args = args
        self.work = pathlib.Path(args.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.folders = {}
        self.all_gold = self.read_gold(args.pages)
        for folder in args.also:
            self.all_gold |= {name: page for name, page in self.read_gold(folder).items() if page["set"] in SET_WEIGHT}
        if args.clean:
            self.replace_gold(args.clean)
        self.gold = {name: page for name, page in self.all_gold.items() if page["type"] == "article"}
        self.domains = {name: domain(page.get("url") or page.get("site") or name) for name, page in self.all_gold.items()}
        sites = sorted(set(self.domains.values()))
        np.random.default_rng(SEED).shuffle(sites)
        fold_of_site = {site: number % FOLDS for number, site in enumerate(sites)}
        self.fold = {name: fold_of_site[self.domains[name]] for name in self.all_gold}

    def read_gold(self, folder):
        pages = [json.loads(line) for line in open(pathlib.Path(folder) / "pages.jsonl", encoding="utf-8")]
        self.folders |= {page["id"]: pathlib.Path(folder) / "html" for page in pages}
        return {page["id"]: page for page in pages}

    def replace_gold(self, folder):
        """Pages that the folder annotates block by block are trained on that, not on their set's own gold."""
        for line in open(pathlib.Path(folder) / "pages.jsonl", encoding="utf-8"):
            clean = json.loads(line)
            page = self.all_gold[clean["id"]]
            page |= dict(set=CLEAN, of=page["set"], type=clean["type"], text=clean["text"], optional=clean["optional"])

    def html(self, name):
        return self.folders[name] / f"{name}.html.gz"

    def names(self, fold=None):
        return sorted(name for name in self.gold if fold is None or self.fold[name] == fold)

    def features(self, tag, names, model):
        """Runs `newsprint features` over these pages."""
        folder = self.work / tag
        listed = self.work / f"{tag}.list"
        listed.write_text("".join(f"{self.html(name)}\n" for name in names))
        command = [self.args.newsprint, "features", "--input-file", listed, "--output", folder]
        subprocess.run([*map(str, command), *(["--model", str(model)] if model else [])], check=True)
        return folder

    def features_of_folds(self, tag, models):
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            jobs = [
                pool.submit(self.features, f"{tag}-{fold}", self.names(fold), models[fold])
                for fold in range(FOLDS)
            ]
            return Data([job.result() for job in jobs])

    def model(self, tag, words, first=None, second=None, calibration=()):
        path = self.work / f"{tag}.model"
        about = dict(
            date=self.args.date,
            sets=sorted({page["set"] for page in self.gold.values()}),
            codes=self.codes,
            first=self.first_names,
            second=self.second_names,
            calibration=list(calibration),
        )
        modelfile.write(path, about, words, first, second)
        return path

    def run(self):
        bare = self.features_of_folds("bare", [None] * FOLDS)
        self.codes, self.first_names, self.second_names = bare.codes, bare.first, bare.second
        count = len(self.first_names)
        label, weight = self.labels(bare)
        fold = np.array([self.fold[name] for name in bare.pages])[bare.page_of]
        print(f"{len(bare.pages)} pages, {len(label)} blocks, {int(label.sum())} of them text", flush=True)
        known = weight > 0

        words = [learn_words(bare, known & (fold != k), label, self.domains) for k in range(FOLDS)]
        models = [self.model(f"words-{k}", words[k]) for k in range(FOLDS)]
        worded = self.features_of_folds("worded", models)
        said = self.quick_pass(worded.rows[:, :count], label, weight, fold)
        weight = self.without_truncated_gold(worded, said, label, weight)

        known, guessed = self.with_guesses(worded, said, label, weight)
        words = [learn_words(bare, known & (fold != k), guessed, self.domains) for k in range(FOLDS)]
        models = [self.model(f"words-{k}", words[k]) for k in range(FOLDS)]
        worded = self.features_of_folds("reworded", models)
        rows = worded.rows[:, :count]
        weight = thinned(said, label, weight)

        def first_pass(k):
            return grow(rows[fold != k], label[fold != k], weight[fold != k], FIRST)

        first = of_each_fold(first_pass)
        print("first pass trained", flush=True)

        models = [self.model(f"first-{k}", words[k], first[k]) for k in range(FOLDS)]
        scored = self.features_of_folds("scored", models)
        again = scored.rows[:, count:]
        scores = again[:, self.second_names.index("score")]

        is_clean = np.array([self.gold[name]["set"] == CLEAN for name in scored.pages])[scored.page_of]
        weight_again = np.where(scores < SETTLED, 0, np.where(is_clean, AGAIN * weight, weight))

        def second_pass(k):
            rest = fold != k
            return grow(again[rest], label[rest], weight_again[rest], SECOND, scores[rest])

        second = of_each_fold(second_pass)
        models = [self.model(f"fold-{k}", words[k], first[k], second[k]) for k in range(FOLDS)]
        print("second pass trained", flush=True)
        points = self.calibrate(self.validate(models))
        if self.args.output:
            words = learn_words(bare, known, guessed, self.domains)
            with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
                first = pool.submit(grow, rows, label, weight, FIRST)
                second = pool.submit(grow, again, label, weight_again, SECOND, scores)
            first, second = first.result(), second.result()
            path = self.model("all", words, first, second, points)
            print(f"{path.stat().st_size} bytes, {len(words[0])} words")
            self.run_pages(path)

    def run_pages(self, source):
        """Adds the scorer of whole pages to a model. Each page's row is made by a model whose blocks
        have not seen its site."""
        folders = []
        for k in range(FOLDS):
            names = sorted(name for name in self.all_gold if self.fold[name] == k)
            folders.append(self.features(f"pages-{k}", names, self.work / f"fold-{k}.model"))
        known = pages.Pages(folders, self.all_gold, self.fold)
        pages.validate(known)
        if self.args.output:
            modelfile.with_pages(self.args.output, source, known.codes, *pages.train(known))
            print(f"{self.args.output}: {pathlib.Path(self.args.output).stat().st_size} bytes")

    def quick_pass(self, rows, label, weight, fold):
        """Scores of a quick model for all blocks, each page by trees that have not seen its site."""
        said = np.zeros(len(label))

        def quick_pass(k):
            return grow(rows[fold != k], label[fold != k], weight[fold != k], QUICK).predict(
                rows[fold == k], num_threads=1
            )

        for k, scores in enumerate(of_each_fold(quick_pass)):
            said[fold == k] = scores
        return said

    def without_truncated_gold(self, data, said, label, weight):
        """Some gold stops before its article does. Where the quick model is sure of several long
        paragraphs that the gold lacks, they are left out of the training."""
        weight = weight.copy()
        sizes = np.array([len(labels.tokens(text)) for page in data.blocks for text, _, _ in page])
        sure = np.flatnonzero((said > SURE) & (label == 0) & (weight > 0) & (sizes >= LONG))
        doubted = 0
        for page in np.unique(data.page_of[sure]):
            if self.gold[data.pages[page]]["set"] == CLEAN:
                continue
            lacking = sure[data.page_of[sure] == page]
            gold = sizes[(data.page_of == page) & (label == 1)].sum()
            if len(lacking) >= 3 and sizes[lacking].sum() > gold / 10:
                weight[lacking] = 0
                doubted += 1
        print(f"{doubted} pages with truncated gold", flush=True)
        return weight

    def with_guesses(self, data, said, label, weight):
        """Gold of segments is silent about most of a page. Blocks there that the quick model is sure of train
        word weights, but no trees: (rows that train word weights, their labels)."""
        silent = np.array(["text" not in self.gold[name] for name in data.pages])[data.page_of]
        settled = np.array([it for page in data.blocks for _, _, it in page])
        guess = silent & (weight == 0) & ~settled & ((said < NO) | (said > YES))
        print(f"{int(guess.sum())} blocks guessed", flush=True)
        return (weight > 0) | guess, np.where(guess, said > YES, label).astype(np.float32)

    def labels(self, data):
        with concurrent.futures.ProcessPoolExecutor(THREADS) as pool:
            pages = [self.gold[name] for name in data.pages]
            found = list(pool.map(label_page, pages, data.blocks, chunksize=16))
        return np.concatenate([it[0] for it in found]), np.concatenate([it[1] for it in found])

    def validate(self, models):
        """Scores each page by the model that has not seen its site: the text as users get it, and the text
        with the roles that its set's gold has."""
        for tag, include in [("default", None), ("by set", LEFT_OUT)]:
            path = self.work / f"predictions-{tag.replace(' ', '-')}.jsonl"
            path.write_text("".join(line + "\n" for line in self.predictions(models, include or {})))
            print(f"cross-validated, {tag}:")
            folders = [self.args.pages, *([self.args.clean] if self.args.clean and not include else [])]
            for folder in folders:
                command = [sys.executable, self.args.score, folder, path]
                print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, flush=True)
        return self.work / "predictions-default.jsonl"

    def predictions(self, models, left_out):
        """The records of all pages with articles, each by the model that has not seen its site; the texts of
        the sets are without the roles that these leave out."""
        groups = collections.defaultdict(list)
        for name, page in self.all_gold.items():
            if page["type"] == "article" or "of" in page:
                groups[self.fold[name], left_out.get(page.get("of", page["set"]), frozenset())].append(name)
        return [
            line
            for (fold, roles), names in sorted(groups.items(), key=lambda it: (it[0][0], sorted(it[0][1])))
            for line in self.extract(sorted(names), models[fold], roles)
        ]

    def calibrate(self, predictions):
        """How the F1 that the scores estimate relates to the measured one: points on a rising line. Prints how
        well the line fits folds that it was not made from."""
        spec = importlib.util.spec_from_file_location("score", self.args.score)
        score = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(score)
        pairs = []  # (estimated, measured, fold)
        for name, record in score.load_predictions(predictions).items():
            page = self.gold.get(name)
            if page and "text" in page:
                pairs.append((record["quality"], score.page_score(page, record["text"]), self.fold[name]))
        pairs = np.array(pairs)
        said = np.zeros(len(pairs))
        for k in range(FOLDS):
            x, y = zip(*rising_line(pairs[pairs[:, 2] != k]))
            here = pairs[:, 2] == k
            said[here] = np.interp(pairs[here, 0], x, y)
        print("quality, cross-validated: stated, measured, pages")
        edges = [0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1.001]
        for low, high in zip(edges, edges[1:]):
            here = (said >= low) & (said < high)
            if here.any():
                print(f"  {low:.3f} to {high:.3f}: {said[here].mean():.3f} {pairs[here, 1].mean():.3f} {here.sum()}")
        return rising_line(pairs)

    def extract(self, names, model, left_out):
        if not names:
            return []
        command = [self.args.newsprint, "extract", "--any-kind", "--quiet", "--format", "jsonl"]
        command += ["--model", model, "--input-file", "-"]
        if left_out:
            roles = ["standfirst", "heading", "paragraph", "list", "quote", "table", "code"]
            command += ["--include", ",".join(role for role in roles if role not in left_out)]
        paths = "".join(f"{self.html(name)}\n" for name in names)
        done = subprocess.run(list(map(str, command)), input=paths, capture_output=True, text=True)
        if done.returncode not in (0, 3):  # 3: some pages hold no text
            sys.exit(f"no page could be extracted: {done.stderr.strip()}")
        return done.stdout.splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", help="folder with pages.jsonl and html/ID.html.gz")
    parser.add_argument("--score", required=True, help="the sets' scorer, a Python script")
    parser.add_argument("--clean", help="folder whose pages.jsonl holds better gold for some of the pages")
    parser.add_argument("--also", action="append", default=[], help="one more folder of pages; those of the sets in SET_WEIGHT are used")
    parser.add_argument("--newsprint", default="target/release/newsprint")
    parser.add_argument("--work", default="target/training", help="folder for intermediate files")
    parser.add_argument("--output", help="write the model trained on all pages here")
    parser.add_argument("--pages-only", action="store_true", help="reuse the model of blocks that the last run left in --work")
    parser.add_argument("--date", default=datetime.date.today().isoformat())
    parser.add_argument("--seed", type=int, default=SEED, help="of the trees; another one shows how much of a difference is chance")
    training = Training(parser.parse_args())
    PARAMETERS["seed"] = training.args.seed
    if training.args.pages_only:
        training.run_pages(training.work / "all.model")
    else:
        training.run()


if __name__ == "__main__":
    main()
