"""What a step of each protocol costs: pretraining, the linear probe, nearest neighbours, fine-tuning.
python benchmarks/protocol_speed.py [--bs 8] [--rounds 3] [--out FILE.json]

A sample is one person of a clip, 25 joints. Tokens are of the preset base, 120 frames in patches of 4, as the field trains them; the paper's are of the
preset 256, 20 frames. A step is forward, backward and optimiser; features are a forward pass in evaluation mode. The linear layer is `fit_sgd` on features that
are there. Neighbours are the search among 40,091 features of 256 for a part of the test clips. Time is the CPU time of one thread, the least of some rounds,
everything in turns."""
import argparse, json, os, time
os.environ.setdefault('OMP_NUM_THREADS', '1')
from contextlib import nullcontext

import numpy as np
import torch
import torch.nn.functional as F
from skeletonmae.analyse.bench import Step
from skeletonmae.analyse.probes import classify_nearest, fit_sgd
from skeletonmae.data.skeleton import LAYOUTS
from skeletonmae.data.transforms import sample_key
from skeletonmae.model.backbones import build_encoder
from skeletonmae.model.masking import Masking
from skeletonmae.model.tokens import rest_places
from skeletonmae.model.views import ViewsModel, agreement
from skeletonmae.train.finetune import FINETUNE_RECIPES, ActionClassifier
from skeletonmae.train.runs import machine

recipe = FINETUNE_RECIPES['mamp']['tokens']
shape = dict(backbone='tokens', name=recipe['preset'], n_frames=recipe['n_frames'], tuple_len=recipe['tuple_len'], n_channels=3)
ntu = LAYOUTS['kinect_v2']

def cast(precision): return torch.autocast('cpu', torch.bfloat16) if precision == 'bf16' else nullcontext()

def finetuning(bs, precision):
    net = ActionClassifier(build_encoder(shape | dict(drop_path=recipe['drop_path']), ntu), 60, recipe['drop'], recipe['head_norm'], pool=recipe['pool']).train()
    opt,x,y = torch.optim.AdamW(net.parameters(), recipe['lr'], weight_decay=recipe['wd']),torch.randn(bs, 3, 120, 25),torch.randint(0, 60, (bs,))
    def step():
        opt.zero_grad()
        with cast(precision): p = net(x)
        F.cross_entropy(p.float(), y, label_smoothing=.1).backward()
        opt.step()
    return step

def features(bs, precision):
    net,x = ActionClassifier(build_encoder(shape, ntu), 1).eval(),torch.randn(bs, 3, 120, 25)
    def step():
        with torch.no_grad(), cast(precision): net.features(x)
    return step

def two_views(bs, precision):
    rest = rest_places(ntu)
    model,motion = ViewsModel(build_encoder(shape, ntu)).train(),torch.arange(bs)
    opt,x,mask = torch.optim.AdamW(model.parameters(), 1e-3),torch.randn(2, bs, 3, 120, 25),Masking(30, 25, 0., .5, tuple_len=1)(sample_key(0, 0, motion))
    def step():
        opt.zero_grad()
        with cast(precision): points = model(x[0], rest, mask, x[1], rest, mask)[...,:-1]
        agreement(points[:,0].float(), points[:,1].float(), motion).backward()
        opt.step()
    return step

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name,default in dict(bs=8, rounds=3).items(): p.add_argument(f'--{name}', type=int, default=default)
    p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(1); torch.manual_seed(0)
    rng,n = np.random.default_rng(0),4096
    f,y = rng.normal(size=(n, 256)).astype(np.float32),rng.integers(0, 60, n)
    many,labels = rng.normal(size=(40091, 256)).astype(np.float32),rng.integers(0, 60, 40091)
    steps = {(kind,precision): (make(a.bs, precision), a.bs) for precision in ('fp32','bf16')
             for kind,make in {'tokens: pretraining by two views': two_views, 'tokens: features': features, 'tokens: fine-tuning': finetuning}.items()}
    steps |= {(f'paper: {kind}',precision): (Step(task, '256', a.bs, precision), a.bs) for kind,task in (('pretraining','pretrain'), ('fine-tuning','finetune'))
              for precision in ('fp32','bf16')}
    steps['linear layer, an epoch of SGD','fp32'] = (lambda: fit_sgd((f, y), f[:1], 60, epochs=1), n)
    steps['neighbours among 40,091','fp32'] = (lambda: classify_nearest(many, labels, f[:512], 60, (1,20)), 512)
    least = dict.fromkeys(steps, float('inf'))
    for i in range(a.rounds+1):                                  # the first does not count
        for k,(step,_) in steps.items():
            start = time.process_time(); step()
            if i: least[k] = min(least[k], time.process_time()-start)
    rows = [dict(step=k[0], precision=k[1], samples=steps[k][1], seconds=s, ms_a_sample=1000*s/steps[k][1]) for k,s in least.items()]
    for r in rows: print(f"{r['step']:>34}  {r['precision']}  {r['seconds']:8.3f} s for {r['samples']:>5} samples  {r['ms_a_sample']:9.3f} ms a sample")
    if a.out:
        with open(a.out, 'w') as file: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), rows=rows), file, indent=1)

if __name__ == '__main__': main()
