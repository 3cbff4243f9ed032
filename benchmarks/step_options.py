"""What the options of a training step are worth on this machine's CPU: Adam's step in one kernel, and compiled encoders and decoders.

Everything is timed in turns in one process, and the quickest of the rounds counts. Writes `step_options.json`, which the notebook on speed shows.
`python benchmarks/step_options.py` takes a quarter of an hour on one core, most of it for making code."""
import argparse, json, time
from pathlib import Path
import torch
from skeletonmae.analyse.bench import Step, take_turns
from skeletonmae.core import write_json
from skeletonmae.train.runs import machine

def row(preset, precision, bs, rounds, seed):
    "Seconds of a pretraining step as it is, with fused Adam, and compiled, and of Adam alone"
    torch.manual_seed(seed)
    steps = {name: Step('pretrain', preset, bs, precision, fused=name != 'plain', compile=name == 'compiled') for name in ('plain','fused','compiled')}
    started = time.time(); steps['compiled'](); first = time.time()-started
    whole = take_turns(steps, rounds)
    for o in steps.values(): o.loss().backward()
    adam = take_turns({k: steps[k].opt.step for k in ('plain','fused')}, rounds)
    return dict(preset=preset, precision=precision, bs=bs, first_compiled_step=first, step={k: min(v) for k,v in whole.items()}, adam={k: min(v) for k,v in adam.items()})

def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--presets', default='small,256', help='%(default)s')
    p.add_argument('--precisions', default='fp32,bf16', help='%(default)s')
    p.add_argument('--bs', type=int, default=16, help='samples in a batch (%(default)s)')
    p.add_argument('--rounds', type=int, default=8, help='times each (%(default)s)')
    p.add_argument('--threads', type=int, default=1, help='%(default)s')
    p.add_argument('--seed', type=int, default=0, help='%(default)s')
    p.add_argument('--out', type=Path, default=Path(__file__).with_suffix('.json'), help='%(default)s')
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    rows = []
    for preset in a.presets.split(','):
        for precision in a.precisions.split(','):
            rows.append(row(preset, precision, a.bs, a.rounds, a.seed)); print(json.dumps(rows[-1]), flush=True)
            write_json(a.out, dict(machine=machine(), rounds=a.rounds, seed=a.seed, rows=rows))

if __name__ == '__main__': main()
