"""How fast a training step is, beside the plain blocks and beside the machine's own matrix products.

    python benchmarks/training_speed.py [--preset 256] [--bs 16] [--threads 2] [--rounds 5] [--precisions fp32,bf16] [--compile] [--out FILE.json]

Encoding under a mask, forward and backward at α = β = 0.5, is what the fast block rewrites. Pretraining is the whole step of a preset (mask, forward, loss,
backward, Adam), of which that is a part; supervised training is the encoder on full input with a linear layer, which all kernels compute alike. The published
block sums the attention over tuples. Everything is timed once in each round, in turns; the quickest round counts and the median is given too. `faster` is beside
the row of the same kind with kernels='plain'. `share` is the plain model's operations over the time, as a share of the best rate of square matrix products in the
same precision, with the same threads and in the same rounds. `--cpu-time` counts the CPU time of the process in place of the clock's: with one thread, what
other work on the machine takes is then mostly left out. The data path is a batch of built-in clips, read, resampled, augmented and masked, as a share of our
single-precision step.

How the threads wait between the parts of a step counts: with OMP_WAIT_POLICY=PASSIVE or GOMP_SPINCOUNT=0 they sleep, and every part begins with waking them.
Neither is the default; what is set is printed and kept.
"""
import argparse, json, os, statistics, tempfile, time

import torch
from skeletonmae.analyse import bench
from skeletonmae.analyse.bench import Step, clip_operations, matmul_rate, take_turns
from skeletonmae.data.loaders import mae_loaders
from skeletonmae.data.synthetic import actions_clips
from skeletonmae.data.transforms import sample_key
from skeletonmae.model.mae import Encoder
from skeletonmae.model.masking import Masking
from skeletonmae.train.runs import machine

def data_path(folder, bs):
    "A call that makes one batch of `bs` and its masks"
    clips = actions_clips(f'{folder}/clips', max(80, 4*bs), progress=False)
    split = clips.split('random', valid_fraction=0.25, seed=0)
    loader,masking = mae_loaders(clips, split, bs=bs, device='cpu').train,Masking()
    batches = iter(())
    def one():
        nonlocal batches
        x = next(batches, None)
        if x is None: batches = iter(loader); x = next(batches)
        masking(x[0].key)
    return one

def encoding(preset, bs, kernels):
    "A call that encodes a batch under a mask, forward and backward"
    encoder,x = Encoder.from_preset(preset, kernels=kernels),torch.randn(bs, 3, 20, 25)
    mask = Masking()(sample_key(0, 0, torch.arange(bs)))
    def one():
        encoder.zero_grad()
        encoder(x, mask).square().mean().backward()
    return one

def make_steps(preset, bs, precisions, compile):
    "`{kind: {row: what to call}}`, the plain row first"
    pre = lambda **kw: Step('pretrain', preset, bs, **kw)
    sup = lambda **kw: Step('finetune', preset, bs, **kw)
    steps = {'encoding under a mask': {'plain': encoding(preset, bs, 'plain'), 'fp32': encoding(preset, bs, 'auto')},
             'pretraining': {'plain': pre(kernels='plain'), 'fp32': pre(), 'fp32, Adam in steps': pre(fused=False)},
             'supervised': {'plain': sup(kernels='plain'), 'fp32': sup(), 'fp32, published': sup(attention='summed', positions='slot')}}
    if 'bf16' in precisions: steps['pretraining']['bf16'] = pre(precision='bf16'); steps['supervised']['bf16'] = sup(precision='bf16')
    if compile: steps['pretraining'] |= {f'{p}, compiled': pre(precision=p, compile=True) for p in precisions}
    return steps

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name,default in dict(preset='256', bs=16, threads=2, rounds=5, precisions='fp32,bf16').items(): p.add_argument(f'--{name}', type=type(default), default=default)
    for name in ('compile','cpu-time'): p.add_argument(f'--{name}', action='store_true')
    p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(0)
    waits = {k: os.environ[k] for k in ('OMP_WAIT_POLICY','GOMP_SPINCOUNT','KMP_BLOCKTIME') if k in os.environ}
    if waits: print('how threads wait is set:', *(f'{k}={v}' for k,v in waits.items()))
    if a.cpu_time: bench.time.perf_counter = time.process_time
    precisions = a.precisions.split(',')
    steps = make_steps(a.preset, a.bs, precisions, a.compile)
    rates = {k: [] for k in precisions}
    with tempfile.TemporaryDirectory() as folder:
        turns = {(kind,row): f for kind,rows in steps.items() for row,f in rows.items()}
        turns |= {'data': data_path(folder, a.bs), **{f'rate {k}': (lambda k=k: rates[k].append(matmul_rate(k, (1024,2048), 1))) for k in rates}}
        times = take_turns(turns, a.rounds)
    rates = {k: max(v) for k,v in rates.items()}
    work = {kind: clip_operations(t, a.preset)*a.bs for kind,t in (('pretraining','pretrain'), ('supervised','finetune'))}
    rows = {}
    for kind in steps:
        for row in steps[kind]:
            best,name = min(times[kind,row]),f'{kind}, {row}'
            rows[name] = dict(ms=1000*best, median_ms=1000*statistics.median(times[kind,row]), faster=min(times[kind,'plain'])/best)
            if kind in work: rows[name]['share'] = work[kind]/best/rates['bf16' if 'bf16' in row else 'fp32']
            share = f"  share of matmul {rows[name]['share']:.3f}" if kind in work else ''
            print(f"{name:>34}  {1000*best:8.1f} ms  median {rows[name]['median_ms']:8.1f}  × {rows[name]['faster']:.2f}{share}")
    data = min(times['data'])/min(times['pretraining','fp32'])
    print(f"{'data path, share of a step':>34}  {100*data:.2f} % in fp32")
    print('matrix products:', ', '.join(f'{k} {v/1e9:.0f} GFLOP/s' for k,v in rates.items()), f"; {work['pretraining']/a.bs/1e9:.2f} and {work['supervised']/a.bs/1e9:.2f} GFLOP a clip, pretraining and supervised")
    if a.out:
        with open(a.out, 'w') as f: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), waits=waits, rates=rates, data_share=data, rows=rows), f, indent=1)

if __name__ == '__main__': main()
