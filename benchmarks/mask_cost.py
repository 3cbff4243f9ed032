"""What masking and bf16 save: forward and backward of an encoder, full against masked, fp32 against bf16.

    python benchmarks/mask_cost.py [--preset 256] [--batch 16] [--threads 2] [--rounds 15]

Each round times every variant once, in turn, so that a busy moment of the machine touches all of them; the medians are compared.
"""
import argparse, json, statistics, time

import torch
from skeletonmae.model.mae import Encoder
from skeletonmae.model.masking import Masking
from skeletonmae.data.transforms import sample_key

def step(encoder, x, mask, dtype):
    "Seconds of one forward and backward pass"
    encoder.zero_grad(set_to_none=True)
    started = time.perf_counter()
    with torch.autocast('cpu', dtype=torch.bfloat16, enabled=dtype == 'bf16'): out = encoder(x, mask)
    out.float().square().mean().backward()
    return time.perf_counter()-started

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--preset', default='256'); p.add_argument('--batch', type=int, default=16)
    p.add_argument('--threads', type=int, default=2); p.add_argument('--rounds', type=int, default=15)
    p.add_argument('--frame-ratio', type=float, default=0.5); p.add_argument('--joint-ratio', type=float, default=0.5)
    a = p.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(0)
    encoder = Encoder.from_preset(a.preset)
    x = torch.randn(a.batch, 3, 20, 25)
    mask = Masking(frame_ratio=a.frame_ratio, joint_ratio=a.joint_ratio)(sample_key(0, 0, torch.arange(a.batch)))
    variants = {(m,d): (mask if m == 'masked' else None, d) for m in ('full','masked') for d in ('fp32','bf16')}
    times = {k: [] for k in variants}
    for i in range(a.rounds+2):
        for k,v in variants.items():
            t = step(encoder, x, *v)
            if i >= 2: times[k].append(t)          # the first two rounds warm up
    ms = {k: 1000*statistics.median(v) for k,v in times.items()}
    for k,v in ms.items(): print(f'{k[0]:>7} {k[1]}: {v:8.1f} ms')
    ratios = {'masked/full, fp32': ms['masked','fp32']/ms['full','fp32'], 'masked/full, bf16': ms['masked','bf16']/ms['full','bf16'],
              'fp32/bf16, full': ms['full','fp32']/ms['full','bf16'], 'fp32/bf16, masked': ms['masked','fp32']/ms['masked','bf16']}
    for k,v in ratios.items(): print(f'{k:>18}: {v:.3f}')
    print(json.dumps(dict(args=vars(a), ms={'/'.join(k): round(v,2) for k,v in ms.items()}, ratios={k: round(v,4) for k,v in ratios.items()}, torch=torch.__version__)))

if __name__ == '__main__': main()
