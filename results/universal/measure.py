"""What universal weights are worth: fine-tuned against from scratch, and frozen, on some stores at several numbers of labels.

    python results/universal/measure.py WEIGHTS CLIPS... --out results/universal/table.json

CLIPS are stores, each with its protocol after a colon: clips/msr:xsub clips/ucla:xview. Scratch has the same recipe and
as many epochs. Each figure is run once and kept; a run that was stopped goes on where it was."""
import argparse, itertools, json, tempfile
from pathlib import Path
import numpy as np
from skeletonmae.analyse.probes import probe
from skeletonmae.core import write_json
from skeletonmae.data.clips import Clips
from skeletonmae.data.loaders import few_labels, labelled
from skeletonmae.train.finetune import finetune
from skeletonmae.train.optim import Quiet

def labels(share):
    "`1` is one label a class, `10%` a share of the labels"
    return dict(per_class=1) if share == '1' else dict(label_fraction=float(share[:-1])/100)

def accuracy(kind, weights, clips, protocol, share, seed, epochs, threads):
    "Accuracy in % on the test clips after the last epoch, with one draw of labels"
    few = dict(protocol=protocol, seed=seed, **labels(share))
    if kind in ('linear','knn'): m = probe(weights, clips, probe=kind, pool='regions', **few)
    else:
        if epochs: few['epochs'] = epochs
        options = dict(universal=dict(weights=weights), labelled=dict(weights=weights, pseudo_labels=False))
        with tempfile.TemporaryDirectory() as d:
            m = finetune(clips, Path(d)/'run', recipe='few-clips', threads=threads, cbs=[Quiet()], **few,
                         **options.get(kind, dict(backbone=kind)))
    return round(100*m['accuracy'], 1)

COLUMNS = dict(tokens='from scratch', labelled='`universal-small`, labels only',
               universal='`universal-small`', stta='STTA, from scratch', linear='frozen, linear', knn='frozen, nearest')
NAMES = dict(msr='MSR Action3D', utd='UTD-MHAD', ucla='NW-UCLA', sbu='SBU (fold 1)')

def n_labels(clips, protocol, share):
    "Number of labelled clips"
    o = labels(share)
    return len(few_labels(clips, labelled(clips, clips.split(protocol)[0]), o.get('label_fraction', 1.), 0, o.get('per_class')))

def cell(values):
    "The mean, with the deviation and number where there are several"
    if not values: return '–'
    return f'{np.mean(values):.1f}' + (f' ± {np.std(values, ddof=1):.1f} ({len(values)})' if len(values) > 1 else '')

def table(done):
    "The figures as a table, the mean over seeds"
    cells = {}
    for key,value in done.items():
        if key.endswith(' labels'): continue
        store,share,kind,_ = key.split()
        cells.setdefault((store,share), {}).setdefault(kind, []).append(value)
    kinds = [k for k in COLUMNS if any(k in o for o in cells.values())]
    rows = [[NAMES.get(store, store), '1 a class' if share == '1' else share.replace('%', ' %'),
             *(cell(o.get(k)) for k in kinds)] for (store,share),o in cells.items()]
    head = ['', 'labels', *(COLUMNS[k] for k in kinds)]
    return '\n'.join('| ' + ' | '.join(o) + ' |' for o in [head, ['---']*len(head), *rows])

def draw(done, path):
    "Draw accuracy against the number of labels, with and without the weights"
    import matplotlib.pyplot as plt
    from skeletonmae.data.skeleton import COLORS
    stores = [o for o in NAMES if any(k.startswith(f'{o} ') and k.endswith(' labels') for k in done)]
    fig,axs = plt.subplots(1, len(stores), figsize=(2.4*len(stores), 2.6), sharey=True, layout='constrained')
    for ax,store in zip(axs, stores):
        n = {k.split()[1]: v for k,v in done.items() if k.startswith(f'{store} ') and k.endswith(' labels')}
        for kind,color,m,name in (('universal','reconstructed','o','from universal-small'), ('tokens','masked','s','from scratch')):
            found = {s: [v for k,v in done.items() if k.startswith(f'{store} {s} {kind} ')] for s in n}
            found = sorted((n[s], np.mean(v)) for s,v in found.items() if v)
            if found: ax.plot(*zip(*found), f'{m}-', color=COLORS[color], label=name)
        ax.set(title=NAMES[store], xscale='log', ylim=(0,100), xlabel='labelled clips')
        ax.set_xticks(sorted(n.values()), sorted(n.values()), fontsize=8); ax.minorticks_off(); ax.grid(alpha=.3)
    axs[0].set_ylabel('accuracy, %'); axs[0].legend(fontsize=8, loc='lower right')
    fig.savefig(path, dpi=110)

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('weights')
    p.add_argument('clips', nargs='*', help='STORE:PROTOCOL, with :EPOCHS where they are not those of the recipe')
    p.add_argument('--kinds', default='tokens,universal,linear,knn')
    p.add_argument('--shares', default='1,10%')
    p.add_argument('--seeds', type=int, default=2)
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--show', action='store_true', help='print the table of what is there')
    p.add_argument('--figure', type=Path, help='a file to draw what is there into')
    a = p.parse_args()
    done = json.loads(a.out.read_text()) if a.out.exists() else {}
    if a.figure: draw(done, a.figure)
    if a.show: print(table(done))
    if a.figure or a.show: return
    for seed,share,store,kind in itertools.product(range(a.seeds), a.shares.split(','), a.clips, a.kinds.split(',')):
        path,protocol,*epochs = store.split(':')
        key,clips = f'{Path(path).name} {share} {kind} {seed}',Clips.open(path)
        if key in done: continue
        done[f'{Path(path).name} {share} labels'] = n_labels(clips, protocol, share)
        done[key] = accuracy(kind, a.weights, clips, protocol, share, seed, int(*epochs) if epochs else None, a.threads)
        print(key, done[key], flush=True)
        write_json(a.out, done)

if __name__ == '__main__': main()
