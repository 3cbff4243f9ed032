"""A pretraining step of the token encoder, and what share of the machine's rate of matrix products it reaches:
python benchmarks/token_speed.py [--bs 16] [--rounds 3] [--out FILE.json]

A step is two views of every clip (20 joints, 32 frames in patches of 4, half of the tokens masked), agreement, backward and AdamW. Time is the CPU
time of one thread, the least of some rounds, everything in turns. The rate is that of products of 2048 × 1024 with 1024 × 1024 matrices in fp32;
operations are those of the matrix products of forward and backward. The profile says where the time of the base preset goes."""
import argparse, json, os, time
os.environ.setdefault('OMP_NUM_THREADS', '1')
from contextlib import nullcontext

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode
from skeletonmae.data.skeleton import LAYOUTS
from skeletonmae.data.transforms import sample_key
from skeletonmae.model.masking import Masking
from skeletonmae.model.tokens import TOKEN_PRESETS, TokenEncoder, rest_places
from skeletonmae.model.views import ViewsModel, agreement
from skeletonmae.train.runs import machine

PRODUCTS = {'aten::mm', 'aten::addmm', 'aten::bmm', 'aten::baddbmm', 'aten::mkldnn_linear', 'aten::linear'}

class Step:
    "A pretraining step of a preset"
    def __init__(self, preset, bs, precision='fp32', n_frames=32):
        torch.manual_seed(0)
        self.bs,self.rest = bs,rest_places(LAYOUTS['kinect_v1'])
        self.model = ViewsModel(TokenEncoder(self.rest, **TOKEN_PRESETS[preset]))
        self.opt = torch.optim.AdamW(self.model.parameters(), 1e-3)
        self.cast = torch.autocast('cpu', torch.bfloat16) if precision == 'bf16' else nullcontext()
        self.x,self.motion = torch.randn(2, bs, 3, n_frames, 20),torch.arange(bs)
        self.mask = Masking(n_frames//4, 20, 0., .5, tuple_len=1)(sample_key(0, 0, self.motion))
        self.tokens = self.mask.tokens[0].numel()

    def __call__(self):
        self.opt.zero_grad()
        with self.cast: points = self.model(self.x[0], self.rest, self.mask, self.x[1], self.rest, self.mask)[...,:-1]
        agreement(points[:,0], points[:,1], self.motion).backward()
        self.opt.step()

def seconds(steps, rounds):
    "{name: least CPU seconds} of some functions, in turns, after one call of each that does not count"
    for f in steps.values(): f()
    least = dict.fromkeys(steps, float('inf'))
    for _ in range(rounds):
        for k,f in steps.items():
            start = time.process_time(); f()
            least[k] = min(least[k], time.process_time()-start)
    return least

def operations(step):
    with FlopCounterMode(display=False) as f: step()
    return f.get_total_flops()

def where(step):
    "[(operator, share of the step's time)] of the dearest operators, and the share of matrix products"
    with profile(activities=[ProfilerActivity.CPU]) as p: step()
    rows = {o.key: o.self_cpu_time_total for o in p.key_averages()}
    total = sum(rows.values())
    top = sorted(rows, key=lambda k: -rows[k])[:10]
    return [(k, rows[k]/total) for k in top], sum(rows.get(k, 0) for k in PRODUCTS)/total

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--bs', type=int, default=16); p.add_argument('--rounds', type=int, default=3); p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(1)
    m = torch.randn(2048, 1024), torch.randn(1024, 1024)
    steps = {(n,k): Step(n, a.bs, k) for n in ('small','base') for k in ('fp32','bf16')}
    took = seconds({'rate': lambda: m[0] @ m[1], **steps}, a.rounds)
    rate = 2*2048*1024*1024/took.pop('rate')
    print(f'matrix products: {rate/1e9:.1f} GFLOP/s\n\n| preset | precision | s a step of {a.bs} | clips a second | share of the rate |\n| --- | --- | --- | --- | --- |')
    rows = []
    for (n,k),s in took.items():
        flop = operations(steps[n,k])
        rows.append(dict(preset=n, precision=k, seconds=s, clips_per_second=a.bs/s, operations=flop, share=flop/s/rate))
        print(f'| {n} | {k} | {s:.3f} | {a.bs/s:.0f} | {100*flop/s/rate:.0f} % |')
    top,products = where(steps['base','fp32'])
    print(f'\nbase, fp32: {100*products:.0f} % of the time is in matrix products\n')
    for k,share in top: print(f'{100*share:5.1f} %  {k}')
    sizes = [(b,32) for b in (8,16,32,64)] + [(8,T) for T in (64,128,256)]
    grown = {s: Step('small', s[0], n_frames=s[1]) for s in sizes}
    growth = [dict(bs=b, n_frames=T, tokens=grown[b,T].tokens, seconds=s) for (b,T),s in seconds(grown, a.rounds).items()]
    print('\nsmall, fp32\n\n| batch | tokens of a view | clips a second | time × |\n| --- | --- | --- | --- |')
    for r in growth: print(f"| {r['bs']} | {r['tokens']} | {r['bs']/r['seconds']:.0f} | {r['seconds']/growth[0]['seconds']:.2f} |")
    if a.out:
        with open(a.out, 'w') as f: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), rate=rate, rows=rows,
                                                   profile=top, products=products, growth=growth), f, indent=1)

if __name__ == '__main__': main()
