"""How time and memory of a pretraining step grow with the batch and with the number of tuples: python benchmarks/growth.py [--preset small] [--out FILE.json]

Tuples of two frames, α = β = 0.5. Time is the CPU time of one thread, the least of some rounds, everything in turns; memory is what PyTorch holds at most.
"""
import argparse, json, os, time

import torch
from skeletonmae.analyse import bench
from skeletonmae.analyse.bench import Step, peak_memory, take_turns
from skeletonmae.train.runs import machine

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--preset', default='small'); p.add_argument('--rounds', type=int, default=5); p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(1); torch.manual_seed(0)
    bench.time.perf_counter = time.process_time
    sizes = [(bs,20) for bs in (8,16,24,32,48)] + [(8,T) for T in (40,60,80,100,120)]
    steps = {f'{bs},{T}': Step('pretrain', a.preset, bs, n_frames=T) for bs,T in sizes}
    memory = {k: peak_memory(s) for k,s in steps.items()}
    seconds = {k: min(v) for k,v in take_turns(steps, a.rounds).items()}
    rows = [dict(bs=bs, n_frames=T, seconds=seconds[f'{bs},{T}'], peak_memory=memory[f'{bs},{T}']) for bs,T in sizes]
    for r in rows: print(f"B {r['bs']:3}  T {r['n_frames']:3}  {1000*r['seconds']:8.1f} ms  {r['peak_memory']/1e6:8.1f} MB  time × {r['seconds']/rows[0]['seconds']:.2f}  memory × {r['peak_memory']/rows[0]['peak_memory']:.2f}")
    if a.out:
        with open(a.out, 'w') as f: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), rows=rows), f, indent=1)

if __name__ == '__main__': main()
