"""Kills runs with SIGKILL at random moments, some of them while a file is being written, and lets each go on until it is finished.

Every run must end with the bytes of one that was never stopped: weights, best weights, and the history but for its times. Pretraining and fine-tuning,
multistep and one_cycle, fp32 and bf16 take turns; each run is killed one to four times. Takes a quarter of an hour on one core for 30 runs."""
import argparse, itertools, os, random, shutil, signal, sys, tempfile, time
from contextlib import redirect_stderr
from pathlib import Path

import matplotlib.pyplot, torch  # noqa: in the parent, so that each process that is forked has them
from fastai.callback.core import Callback
from fastai.callback.progress import ProgressCallback
from tqdm.auto import tqdm
from skeletonmae.data.synthetic import actions_clips
from skeletonmae.data.clips import Clips
from skeletonmae.train.finetune import finetune
from skeletonmae.train.pretrain import pretrain

CHOICES = dict(ema=0.9, accumulate=2, grad_clip=1., mixup=0.2, layer_decay=0.8, unfreeze_every=1) # each with a memory or a random draw of its own

class Silent(Callback):
    order = -50
    def after_create(self): self.learn.remove_cb(ProgressCallback)
    def before_fit(self): self.learn.logger = lambda o: None

def in_process(f, *args, **kw):
    "Call `f` in a process of its own that has all this one has; its id"
    sys.stdout.flush(); sys.stderr.flush()
    if pid := os.fork(): return pid
    code = 1
    try:
        with open(os.devnull, 'w') as nothing, redirect_stderr(nothing): f(*args, **kw)
        code = 0
    except BaseException as e: print(f'{type(e).__name__}: {e}', flush=True)
    finally: os._exit(code)

def finished(pid): return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def train(case, store, weights, out, a, **kw):
    task, schedule, precision = case
    kw = dict(schedule=schedule, precision=precision, epochs=a.epochs, bs=16, threads=1, cbs=[Silent()], **kw)
    if task == 'pretrain': pretrain(Clips.open(store), out, preset=a.preset, masked_only=True, wd=0., **kw)
    else: finetune(Clips.open(store), out, weights=weights, drop=0.2, **(CHOICES if schedule == 'multistep' else {}), **kw)

def contents(out):
    "What a run wrote, without the times"
    csv = [l.rpartition(',')[0] for l in (out/'history.csv').read_text().splitlines()]
    return csv, {f.name: f.read_bytes() for f in out.glob('*.safetensors')}

def leftovers(out):
    "Files that were being written; the lock is there while a run trains"
    hidden = (o.name for folder in (out, out/'checkpoints') if folder.is_dir() for o in folder.glob('.*'))
    return [o for o in hidden if o != '.lock']

def kill(pid, out, seconds, rng):
    "Kill a process at a random moment, or as soon as a file is being written after it; True where it had ended before"
    time.sleep(rng.uniform(0, seconds))
    if rng.random() < 0.5:
        before, limit = set(leftovers(out)), time.time() + seconds
        while time.time() < limit and not set(leftovers(out)) - before: time.sleep(0.0002)
        time.sleep(rng.uniform(0, 0.004))
    try: os.kill(pid, signal.SIGKILL)
    except ProcessLookupError: pass
    return finished(pid) == 0

def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--runs', type=int, default=30, help='how many (%(default)s)')
    p.add_argument('--epochs', type=int, default=6, help='of each (%(default)s)')
    p.add_argument('--preset', default='tiny', help='%(default)s')
    p.add_argument('--seed', type=int, default=0, help='of the moments (%(default)s)')
    a = p.parse_args()
    rng, cases = random.Random(a.seed), list(itertools.product(('pretrain','finetune'), ('one_cycle','multistep'), ('fp32','bf16')))[:a.runs]
    kills = writing = same = 0
    with tempfile.TemporaryDirectory() as d:
        d, whole = Path(d), {}
        assert finished(in_process(actions_clips, d/'clips', 80, progress=False)) == 0
        for case in tqdm([('pretrain','one_cycle','fp32'), *cases[1:]], desc='never stopped', disable=None):
            started = time.time()
            out = d/'-'.join(case)
            assert finished(in_process(train, case, d/'clips', d/'pretrain-one_cycle-fp32', out, a)) == 0, case
            whole[case] = contents(out), time.time()-started
        for i in tqdm(range(a.runs), desc='killed', disable=None):
            case, out = cases[i % len(cases)], d/f'run-{i}'
            want, seconds = whole[case]
            for _ in range(rng.randint(1, 4)):
                pid = in_process(train, case, d/'clips', d/'pretrain-one_cycle-fp32', out, a, resume=True, save_every=3)
                if kill(pid, out, seconds, rng): break
                kills, writing = kills+1, writing + bool(leftovers(out))
            assert finished(in_process(train, case, d/'clips', d/'pretrain-one_cycle-fp32', out, a, resume=True)) == 0, case
            left = leftovers(out)
            same += (ok := contents(out) == want and not (out/'checkpoints').exists())
            if not ok or left: tqdm.write(f"run {i}, {' '.join(case)}: {'the same' if ok else 'OTHER BYTES'}; left behind: {left}")
            shutil.rmtree(out)
    print(f'{a.runs} runs, {kills} kills, {writing} of them while a file was being written: {same} ended with the same bytes')
    sys.exit(same != a.runs)

if __name__ == '__main__': main()
