"""What universal features are worth when joints are missing: accuracy of a linear probe against the number of joints kept.

    python results/universal/joints.py WEIGHTS CLIPS... --out results/universal/joints.json

CLIPS are stores, each with its protocol after a colon: clips/msr:xsub clips/ucla:xview. The probe learns from frozen features
of all joints, at one label a class and at 10 % of the labels, and names test clips of a layout without some joints, drawn at
random. Hips, shoulders and the middle of the spine stay: bodies are turned and sized by them."""
import argparse
from pathlib import Path
import numpy as np
from skeletonmae.analyse.probes import fit_linear
from skeletonmae.core import write_json
from skeletonmae.data.clips import Clips
from skeletonmae.data.loaders import few_labels, labelled
from skeletonmae.data.skeleton import Skeleton
from skeletonmae.data.transforms import limb_roots, mid_spine
from skeletonmae.train.universal import UniversalEncoder

shares = {'1': dict(per_class=1), '10%': dict(fraction=.1)}

def needed(s):
    "Joints that the normalisation reads, and the root"
    return sorted({s.root, *limb_roots(s, 'leg'), *limb_roots(s, 'arm'), *mid_spine(s)})

def without(s, kept):
    "The layout of the joints `kept`; a bone leads to the nearest joint on the way to the root that is kept"
    names = [s.joints[i] for i in kept]
    def up(j):
        while (j := s.parents[j]) >= 0 and j not in kept: pass
        return j
    bones = [(s.joints[up(i)], s.joints[i]) for i in kept if i != s.root]
    return Skeleton(f'{s.name}_{len(kept)}', names, bones, root=s.joints[s.root], up=s.up, mirror=())

def fewer(clips, kept):
    "The clips with the joints `kept` alone"
    return Clips.from_arrays([clips[i].frames[:,:,kept] for i in range(len(clips))], skeleton=without(clips.skeleton, kept))

def measure(enc, clips, protocol, counts, draws):
    "{joints kept: {share of labels: accuracies in %, one for each draw of joints and labels}}"
    split = clips.split(protocol)
    train,test = (labelled(clips, o) for o in (split.train, split.valid))
    keep = needed(clips.skeleton)
    rest = [i for i in range(clips.skeleton.n_joints) if i not in keep]
    counts = sorted({min(max(n, len(keep)), clips.skeleton.n_joints) for n in counts}, reverse=True)
    x,y,sides = enc.features(clips[train]),clips.labels[train],[]
    for n in counts:
        for draw in range(draws if 0 < n-len(keep) < len(rest) else 1):
            kept = sorted([*keep, *np.random.default_rng(draw).permutation(rest)[:n-len(keep)].tolist()])
            sides.append((n, enc.features(fewer(clips[test], kept))))
    out = {n: {k: [] for k in shares} for n in counts}
    for k,o in shares.items():
        for draw in range(draws):
            few = few_labels(clips, train, o.get('fraction', 1.), draw, o.get('per_class'))
            at = np.searchsorted(train, few)
            prob = fit_linear((x[at], y[at]), np.concatenate([f for _,f in sides]), clips.n_classes, seed=draw)[0]
            for (n,_),p in zip(sides, np.split(prob, len(sides))):
                out[n][k].append(round(100*float((p.argmax(1) == clips.labels[test]).mean()), 1))
    return out

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('weights')
    p.add_argument('clips', nargs='+', help='STORE:PROTOCOL')
    p.add_argument('--counts', default='20,17,14,11,8,6', help='joints kept')
    p.add_argument('--draws', type=int, default=4, help='of the joints, and of the labels')
    p.add_argument('--out', type=Path, required=True)
    a = p.parse_args()
    enc,out = UniversalEncoder.from_pretrained(a.weights),{}
    for store in a.clips:
        path,protocol = store.split(':')
        out[Path(path).name] = measure(enc, Clips.open(path), protocol, list(map(int, a.counts.split(','))), a.draws)
        for n,o in out[Path(path).name].items(): print(Path(path).name, n, {k: round(float(np.mean(v)), 1) for k,v in o.items()}, flush=True)
        write_json(a.out, out)

if __name__ == '__main__': main()
