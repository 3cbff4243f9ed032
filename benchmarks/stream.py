"""How long one answer of `Recognizer.stream` takes, from the newest frame to the probabilities: python benchmarks/stream.py [--threads 1]

Networks are as initialised: the time does not depend on the weights. Windows of 2 s at 30 frames a second, one person of 25 joints."""
import argparse, time

import numpy as np
import torch

from skeletonmae.finetune import ActionClassifier
from skeletonmae.mae import PRESETS, Encoder, n_params
from skeletonmae.recognise import Recognizer
from skeletonmae.skeleton import Skeleton

p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
p.add_argument('--threads', type=int, default=1)
p.add_argument('--answers', type=int, default=60, help='timed answers for each preset')
a = p.parse_args()
torch.set_num_threads(a.threads)

def recogniser(preset):
    shape = dict(name=preset, n_joints=25, n_frames=20, tuple_len=2, n_channels=3)
    config = dict(skeleton=Skeleton.named('ntu').to_dict(), classes=[str(i) for i in range(60)], n_frames=20, stream='joint', model=shape, run=preset)
    return Recognizer(ActionClassifier(Encoder.from_preset(**shape), 60), config)

def latency(rec, answers, fps=30, window=2., warm=5):
    "Seconds from handing over a frame to the answer it brings"
    rng, took = np.random.default_rng(0), []
    handed = [0.]
    def frames():
        while True:
            handed[0] = time.perf_counter()
            yield rng.normal(size=(25,3)).astype(np.float32)
    for i, _ in zip(range(answers+warm), rec.stream(frames(), fps, window, hop=1/fps)): took.append(time.perf_counter()-handed[0])
    return 1000*np.array(took[warm:])

print(f'{a.threads} thread{"s"*(a.threads > 1)}, {a.answers} answers each')
print('| preset | encoder, M | median, ms | 95th percentile, ms | answers a second |\n| --- | --- | --- | --- | --- |')
for preset in sorted(PRESETS, key=lambda k: n_params(Encoder.from_preset(k))):
    rec = recogniser(preset)
    ms = latency(rec, a.answers)
    print(f'| {preset} | {n_params(rec.model.encoder)/1e6:.2f} | {np.median(ms):.1f} | {np.quantile(ms, .95):.1f} | {1000/np.median(ms):.0f} |', flush=True)
