"""How fast a training step is, beside the same model written the obvious way and beside the machine's own matrix products.

    python benchmarks/training_speed.py [--preset 256] [--bs 16] [--threads 2] [--rounds 5] [--compile] [--out FILE.json]

Pretraining is the whole step of a preset (α = β = 0.5, mask, forward, loss, backward, Adam); supervised training is the encoder on full input with a linear
layer, beside the published block written plainly (attention summed over tuples, `skeletonmae.analyse.bench.plain_block`). Everything is timed once in each round, in
turns; the quickest round counts and the median is given too. `share` is the plain model's operations over our time, as a share of the best rate of square
matrix products in the same precision, with the same threads and in the same rounds. `--cpu-time` counts the CPU time of the process in place of the
clock's: with one thread, what other work on the machine takes is then mostly left out. The data path is a batch of built-in clips, read, resampled,
augmented and masked, as a share of our single-precision step.

How the threads wait between the parts of a step counts: with OMP_WAIT_POLICY=PASSIVE or GOMP_SPINCOUNT=0 they sleep, and every part begins with waking them.
Neither is the default; what is set is printed and kept.
"""
import argparse, json, os, statistics, tempfile, time

import torch
from skeletonmae import bench
from skeletonmae.data.synthetic import actions_clips
from skeletonmae.analyse.bench import Step, clip_operations, matmul_rate, take_turns
from skeletonmae.data.loaders import mae_loaders
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

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name,default in dict(preset='256', bs=16, threads=2, rounds=5).items(): p.add_argument(f'--{name}', type=type(default), default=default)
    for name in ('compile','cpu-time'): p.add_argument(f'--{name}', action='store_true')
    p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(0)
    waits = {k: os.environ[k] for k in ('OMP_WAIT_POLICY','GOMP_SPINCOUNT','KMP_BLOCKTIME') if k in os.environ}
    if waits: print('how threads wait is set:', *(f'{k}={v}' for k,v in waits.items()))
    if a.cpu_time: bench.time.perf_counter = time.process_time
    pre = lambda **kw: Step('pretrain', a.preset, a.bs, **kw)
    sup = lambda **kw: Step('finetune', a.preset, a.bs, **kw)
    steps = {'pretrain, plain': pre(plain=True), 'pretrain, fp32': pre(), 'pretrain, fp32, Adam in steps': pre(fused=False), 'pretrain, fp32, channels first': pre(contiguous=True),
             'pretrain, bf16': pre(precision='bf16'), 'supervised, published, plain': sup(plain=True, attention='summed', positions='slot'),
             'supervised, plain': sup(plain=True), 'supervised, published, fp32': sup(attention='summed', positions='slot'), 'supervised, fp32': sup(), 'supervised, bf16': sup(precision='bf16')}
    if a.compile: steps |= {'pretrain, fp32, compiled': pre(compile=True), 'pretrain, bf16, compiled': pre(precision='bf16', compile=True)}
    rates = {'fp32': [], 'bf16': []}
    with tempfile.TemporaryDirectory() as folder:
        turns = {**steps, 'data': data_path(folder, a.bs), **{f'rate {k}': (lambda k=k: rates[k].append(matmul_rate(k, (1024,2048), 1))) for k in rates}}
        times = take_turns(turns, a.rounds)
    rates = {k: max(v) for k,v in rates.items()}
    work = {t: clip_operations(t, a.preset)*a.bs for t in ('pretrain','finetune')}
    rows = {}
    for k in steps:
        kind,precision = ('pretrain' if 'pretrain' in k else 'finetune'),('bf16' if 'bf16' in k else 'fp32')
        plain = 'pretrain, plain' if kind == 'pretrain' else 'supervised, published, plain'
        best = min(times[k])
        rows[k] = dict(ms=1000*best, median_ms=1000*statistics.median(times[k]), faster=min(times[plain])/best, share=work[kind]/best/rates[precision])
        print(f"{k:>32}  {1000*best:8.1f} ms  median {rows[k]['median_ms']:8.1f}  × {rows[k]['faster']:.2f}  share of matmul {rows[k]['share']:.3f}")
    data = min(times['data'])/min(times['pretrain, fp32'])
    print(f"{'data path, share of a step':>32}  {100*data:.2f} % in fp32, {100*min(times['data'])/min(times['pretrain, bf16']):.2f} % in bf16")
    print('matrix products:', ', '.join(f'{k} {v/1e9:.0f} GFLOP/s' for k,v in rates.items()), f"; {work['pretrain']/a.bs/1e9:.2f} and {work['finetune']/a.bs/1e9:.2f} GFLOP a clip, pretraining and supervised")
    if a.out:
        with open(a.out, 'w') as f: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), waits=waits, rates=rates, data_share=data, rows=rows), f, indent=1)

if __name__ == '__main__': main()
