"""What labels that spread bring to a classifier on frozen features: many draws of few labels, no training of the network.

    python results/universal/spread.py WEIGHTS CLIPS... --out results/universal/spread.json

CLIPS are stores, each with its protocol after a colon: clips/msr:xsub clips/ucla:xview. Of each store and number of labels:
the accuracy on the test clips of logistic regression on the labelled clips (`labelled`) and on these and the clips that
labels spread to (`spread`), and the share of guesses that are right (`guesses`); mean and deviation in % over the draws."""
import argparse
from pathlib import Path
import numpy as np, torch
from skeletonmae.core import write_json
from skeletonmae.data.clips import Clips
from skeletonmae.data.loaders import few_labels, labelled
from skeletonmae.model.fitted import FittedHead
from skeletonmae.train.universal import UniversalEncoder

def draw(clips, f, encoder, split, few):
    "(labelled, spread, guesses) in % of one draw"
    train,valid = (labelled(clips, o) for o in split)
    others,y,n = np.setdiff1d(train, few),clips.labels,f.shape[1]
    head = FittedHead(n, clips.n_classes).standardise(f, encoder.mean[:n], encoder.std[:n])
    def right(): return 100*(head(f[valid]).argmax(1).numpy() == y[valid]).mean()
    head.fit(f[few], y[few])
    one = right()
    shares = head.fit_spread(f[few], y[few], f[others])
    return one, right(), 100*(shares.argmax(1) == y[others]).mean()

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('weights')
    p.add_argument('clips', nargs='+', help='STORE:PROTOCOL')
    p.add_argument('--draws', type=int, default=10)
    p.add_argument('--out', type=Path, required=True)
    a = p.parse_args()
    encoder,found = UniversalEncoder.from_pretrained(a.weights),{}
    for store in a.clips:
        path,protocol = store.rsplit(':', 1)
        clips = Clips.open(path)
        f,split = torch.as_tensor(encoder.features(clips)),clips.split(protocol)
        for name,few in (('1',dict(per_class=1)), ('10%',dict(fraction=.1))):
            key = f'{Path(path).name} {name}'
            of = [draw(clips, f, encoder, split, few_labels(clips, split[0], seed=i, **few)) for i in range(a.draws)]
            found[key] = {k: [round(float(np.mean(v)), 1), round(float(np.std(v, ddof=1)), 1)]
                          for k,v in zip(('labelled','spread','guesses'), zip(*of))}
            print(key, found[key], flush=True)
    write_json(a.out, found)

if __name__ == '__main__': main()
