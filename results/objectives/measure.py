"""What each pretraining recipe of tokens is worth: the same number of steps on the training side of a store, then a
linear probe and fine-tuning with few labels.

    python results/objectives/measure.py CLIPS... --runs runs/objectives --out results/objectives/table.json

CLIPS are stores, each with its protocol after a colon: clips/msr:xsub clips/utd:xsub. Recipes are those of
`PRETRAIN_RECIPES`; scratch has no pretraining, and its linear probe reads an encoder that was not trained. STARS takes its steps from those of MAMP, which it goes on from. Each
pretraining and each figure is made once and kept; what was stopped goes on where it was. The table is printed at the end,
mean and deviation over seeds, as it is with --show alone."""
import argparse, itertools, json, tempfile, time
from pathlib import Path
import numpy as np
from skeletonmae.analyse.probes import probe
from skeletonmae.core import write_json
from skeletonmae.data.clips import Clips
from skeletonmae.train.finetune import finetune
from skeletonmae.train.optim import Quiet
from skeletonmae.train.pretrain_tokens import PRETRAIN_RECIPES, pretrain_tokens

KINDS = {'linear':{}, 'linear 10%':dict(label_fraction=.1), 'few-clips 10%':dict(label_fraction=.1)}

def pretrained(recipe, clips, protocol, seed, out, a, kind):
    "The run of a recipe on the training side of a store: `a.steps` steps in all, `a.batches` of them an epoch"
    if recipe == 'scratch' and not kind.startswith('linear'): return None
    side,epochs = clips[clips.split(protocol, seed=seed).train],a.steps//a.batches
    options = dict(batches=a.batches, bs=a.bs, seed=seed, threads=a.threads, precision=a.precision, resume=True, cbs=[Quiet()])
    if recipe == 'scratch':             # one step of no length, for a folder with an untrained encoder
        pretrain_tokens(side, out, epochs=1, lr=1e-9, **options | dict(batches=1))
        return out
    if recipe == 'stars':
        last = max(1, epochs//4)
        first = out.with_name(out.name + '-first')
        pretrain_tokens(side, first, recipe='mamp', epochs=epochs-last, **options)
        options |= dict(start_from=first)
        epochs = last
    pretrain_tokens(side, out, recipe=recipe, epochs=epochs, **options)
    return out

def accuracy(kind, run, clips, protocol, seed, a):
    "Accuracy in % on the test clips"
    few = dict(protocol=protocol, seed=seed, threads=a.threads, **KINDS[kind])
    if kind.startswith('linear'):
        few.pop('threads')
        return round(100*probe(run, clips, probe='linear', pool='regions', **few)['accuracy'], 1)
    weights = dict(backbone='tokens') if run is None else dict(weights=run)
    if a.epochs: weights['epochs'] = a.epochs
    with tempfile.TemporaryDirectory() as d:
        m = finetune(clips, Path(d)/'run', recipe='few-clips', cbs=[Quiet()], **few, **weights)
    return round(100*m['accuracy'], 1)

def show(done):
    "Print mean and deviation of each recipe"
    rows = {}
    for key,v in done.items():
        store,recipe,kind,_ = key.split('|')
        rows.setdefault((store,recipe), {}).setdefault(kind, []).append(v)
    print(f"{'store':<8}{'recipe':<12}" + ''.join(f'{k:>22}' for k in KINDS))
    for (store,recipe),of in sorted(rows.items()):
        cell = lambda v: f'{np.mean(v):.1f} ± {np.std(v, ddof=len(v) > 1):.1f} ({len(v)})' if v else '–'
        print(f'{store:<8}{recipe:<12}' + ''.join(f'{cell(of.get(k)):>22}' for k in KINDS))

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('clips', nargs='*', help='STORE:PROTOCOL')
    p.add_argument('--recipes', default=','.join(('scratch', *PRETRAIN_RECIPES)))
    p.add_argument('--kinds', default=','.join(KINDS))
    p.add_argument('--seeds', type=int, default=3)
    p.add_argument('--steps', type=int, default=400)
    p.add_argument('--batches', type=int, default=100)
    p.add_argument('--bs', type=int, default=32, help='pairs in a batch')
    p.add_argument('--epochs', type=int, help='of fine-tuning, default those of the recipe')
    p.add_argument('--precision', default='bf16')
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--runs', type=Path, default=Path('runs/objectives'))
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--show', action='store_true', help='only print what is there')
    a = p.parse_args()
    done = json.loads(a.out.read_text()) if a.out.exists() else {}
    every = [] if a.show else itertools.product(range(a.seeds), a.clips, a.recipes.split(','), a.kinds.split(','))
    for seed,store,recipe,kind in every:
        path,protocol = store.rsplit(':', 1)
        name = Path(path).name
        key = f'{name}|{recipe}|{kind}|{seed}'
        if key in done: continue
        begin,clips = time.time(),Clips.open(path)
        run = pretrained(recipe, clips, protocol, seed, a.runs/f'{name}-{recipe}-{seed}', a, kind)
        mid = time.time()
        done[key] = accuracy(kind, run, clips, protocol, seed, a)
        print(key, done[key], f'({mid-begin:.0f} s + {time.time()-mid:.0f} s)', flush=True)
        write_json(a.out, done)
    show(done)

if __name__ == '__main__': main()
