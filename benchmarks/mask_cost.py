"""What masking and bf16 save: forward and backward of an encoder, full against masked, fp32 against bf16.

    python benchmarks/mask_cost.py [--preset 256] [--batch 16] [--threads 2] [--rounds 15] [--precisions fp32,bf16] [--kernels auto] [--cpu-time]

Each round times every variant once, in turn, so that a busy moment of the machine touches all of them; the quickest rounds are compared, and the medians beside
them. `--cpu-time` counts the CPU time of the process: with one thread, other work on the machine is then mostly left out.
"""
import argparse, json, statistics, time

import torch
from skeletonmae.model.mae import Encoder
from skeletonmae.model.masking import Masking
from skeletonmae.data.transforms import sample_key

def step(encoder, x, mask, dtype, clock):
    "Seconds of one forward and backward pass"
    encoder.zero_grad(set_to_none=True)
    started = clock()
    with torch.autocast('cpu', dtype=torch.bfloat16, enabled=dtype == 'bf16'): out = encoder(x, mask)
    out.float().square().mean().backward()
    return clock()-started

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--preset', default='256'); p.add_argument('--batch', type=int, default=16)
    p.add_argument('--threads', type=int, default=2); p.add_argument('--rounds', type=int, default=15)
    p.add_argument('--frame-ratio', type=float, default=0.5); p.add_argument('--joint-ratio', type=float, default=0.5)
    p.add_argument('--precisions', default='fp32,bf16'); p.add_argument('--kernels', default='auto'); p.add_argument('--cpu-time', action='store_true')
    a = p.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(0)
    clock,precisions = time.process_time if a.cpu_time else time.perf_counter,a.precisions.split(',')
    encoder = Encoder.from_preset(a.preset, kernels=a.kernels)
    x = torch.randn(a.batch, 3, 20, 25)
    mask = Masking(frame_ratio=a.frame_ratio, joint_ratio=a.joint_ratio)(sample_key(0, 0, torch.arange(a.batch)))
    variants = {(m,d): (mask if m == 'masked' else None, d) for m in ('full','masked') for d in precisions}
    times = {k: [] for k in variants}
    for i in range(a.rounds+2):
        for k,v in variants.items():
            t = step(encoder, x, *v, clock)
            if i >= 2: times[k].append(t)          # the first two rounds warm up
    ms,median = ({k: 1000*f(v) for k,v in times.items()} for f in (min, statistics.median))
    for k,v in ms.items(): print(f'{k[0]:>7} {k[1]}: {v:8.1f} ms  median {median[k]:8.1f}')
    ratios = {f'masked/full, {d}': ms['masked',d]/ms['full',d] for d in precisions}
    if len(precisions) > 1: ratios |= {f'fp32/bf16, {m}': ms[m,'fp32']/ms[m,'bf16'] for m in ('full','masked')}
    for k,v in ratios.items(): print(f'{k:>18}: {v:.3f}')
    print(json.dumps(dict(args=vars(a), ms={'/'.join(k): round(v,2) for k,v in ms.items()}, ratios={k: round(v,4) for k,v in ratios.items()}, torch=torch.__version__)))

if __name__ == '__main__': main()
