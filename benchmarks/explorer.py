"""Milliseconds from a change of the explorer to its picture, preset 'small': python benchmarks/explorer.py [--threads 2]

The weights are as initialised: the time does not depend on them. Clips are synthetic."""
import argparse, tempfile, time
from pathlib import Path

import numpy as np
import torch

from skeletonmae.data.synthetic import actions_clips
from skeletonmae.app.explore import View
from skeletonmae.model.figures import Reconstructor
from skeletonmae.model.mae import SkeletonMAE
from skeletonmae.model.masking import Masking

p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
p.add_argument('--preset', default='small')
p.add_argument('--threads', type=int, default=2)
p.add_argument('--repeat', type=int, default=20)
a = p.parse_args()
torch.set_num_threads(a.threads)

with tempfile.TemporaryDirectory() as d:
    clips = actions_clips(Path(d)/'clips', 60, progress=False)
    rec = Reconstructor(SkeletonMAE.from_preset(a.preset), Masking(), clips.skeleton)
    view, rng = View(rec, clips), np.random.default_rng(0)
    view.picture()
    def timed(change):
        took = []
        for i in range(a.repeat):
            change(i)
            start = time.perf_counter()
            view.picture()
            took.append(1000*(time.perf_counter()-start))
        return f'{np.median(took):.0f} | {max(took):.0f}'
    changes = {'another moment': lambda i: setattr(view, 'frame', (i+1) % 20), 'the camera': lambda i: setattr(view, 'azim', 10.*i),
               'another mask': lambda i: setattr(view, 'seed', i+1), 'another clip': lambda i: setattr(view, 'clip', i+1)}
    print(f'{a.preset}, {a.threads} threads, {a.repeat} changes each\n| change | median, ms | longest, ms |\n| --- | --- | --- |')
    for name, change in changes.items(): print(f'| {name} | {timed(change)} |')
