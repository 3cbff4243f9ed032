"""Tries on a GPU what the tests try on a CPU, and times it: training in every precision, compiled and not, resuming, memory that runs out, the other
commands, and `skeletonmae bench`. Each check is a process of its own with a time limit, so that none stops the others; a line for each, and all in a JSON.

    python scripts/check_gpu.py checked --device cuda

takes some ten minutes, of which the last part is timing (on 16 cores beside an H100, what is compiled took over two minutes for one model); `--device cpu` tries this script itself, with less to do."""
import argparse, json, os, shutil, signal, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS,LIVING = {},[]       # `{name: (function, what it waits for, alone?)}`, and all processes that were started

WRITING = threading.Lock()

class Failed(Exception): pass

def check(name, *needs, alone=False):
    def add(f): CHECKS[name] = f, needs, alone; return f
    return add

class Place:
    "Where checks run, and how"
    def __init__(self, a):
        self.out, self.device, self.cuda = Path(a.out).resolve(), a.device, a.device != 'cpu'
        self.store = self.out/'clips' if a.clips is None else Path(a.clips).resolve()
        self.preset, self.epochs, self.bs = ('small', 2, 64) if self.cuda else ('tiny', 2, 16)
        self.threads, self.ends, self.limit = [] if self.cuda else ['--threads', '1'], time.time() + a.limit, a.each
        self.env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), *filter(None, [os.environ.get('PYTHONPATH')])]), PYTHONUNBUFFERED='1', MPLBACKEND='agg', OMP_NUM_THREADS='1', TORCHINDUCTOR_COMPILE_THREADS='4' if self.cuda else '1')
    def run(self, *args, limit=None, code=0, before='', kill_at=None, env=()):
        "Run `skeletonmae ARGS`, after some lines of Python where `before` has them; its output"
        what = ['-m', 'skeletonmae'] if not before else ['-c', f'{before}\nfrom skeletonmae.app.cli import main\nmain()']
        return self.python(*what, *map(str, args), limit=limit, code=code, kill_at=kill_at, env=env)
    def python(self, *args, limit=None, code=0, kill_at=None, env=()):
        limit = min(limit or self.limit, self.ends-time.time())
        if limit < 1: raise Failed('no time was left')
        p = subprocess.Popen([sys.executable, *args], cwd=self.out, env=self.env | dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        LIVING.append(p)
        if kill_at: threading.Thread(target=self._kill, args=(p, kill_at), daemon=True).start()
        try: said,_ = p.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, signal.SIGKILL)
            said,_ = p.communicate()
            raise Failed(f'longer than {limit:.0f} s: {last(said)[:300]}') from None
        if p.returncode != code: raise Failed(f'exit status {p.returncode}, not {code}: {last(said)[:300]}\n{said[-3000:]}')
        return said
    @staticmethod
    def _kill(p, there):
        while p.poll() is None and not there(): time.sleep(0.005)
        if p.poll() is None: os.killpg(p.pid, signal.SIGKILL)
    def train(self, task, name, *more, **kw):
        "Train a run called `name`; what its metrics and its history say"
        out,size = self.out/'runs'/name,['--preset', self.preset] if task == 'pretrain' else []
        self.run(task, self.store, '--out', out, *size, '--epochs', self.epochs, '--bs', self.bs, '--schedule', 'one_cycle', '--device', self.device, *self.threads, *more, **kw)
        if kw.get('code'): return None
        m = json.loads((out/'metrics.json').read_text())
        csv = [l.split(',') for l in (out/'history.csv').read_text().split()]
        return {k: m[k] for k in ('seconds','best_valid_loss','accuracy') if k in m} | dict(train_loss=float(csv[-1][1]), epoch_times=[l[-1] for l in csv[1:]])

def last(said): return next((l for l in reversed(said.strip().splitlines()) if l.strip()), 'it said nothing')

def short(found): return ', '.join(f'{k} {v:.4g}' if isinstance(v, float) else f'{k} {v}' for k,v in found.items() if not isinstance(v, (list,dict))) if isinstance(found, dict) else str(found)

@check('machine')
def machine(p):
    said = p.python('-c', 'import json; from skeletonmae.train.runs import machine, pick_device; pick_device(%r); print(json.dumps(machine()))' % p.device)
    return json.loads(last(said))

@check('clips', 'machine')
def clips(p):
    if not p.store.exists(): p.python('-c', f'from skeletonmae.data.synthetic import actions_clips; actions_clips({str(p.store)!r}, {800 if p.cuda else 60}, progress=False)', limit=120)
    return str(p.store)

AGREE = """
import json, sys, torch
from skeletonmae.data.clips import Clips
from skeletonmae.data.loaders import classifier_loaders, mae_loaders
from skeletonmae.model.mae import ReconstructionLoss, SkeletonMAE
from skeletonmae.model.mask_kinds import MASKS, make_masking
store,device,preset = sys.argv[1:]
clips,found = Clips.open(store),{}
def off(a, b): return ((a.detach().cpu().double()-b.detach().cpu().double()).norm()/b.detach().cpu().double().norm().clamp(min=1e-12)).item()
augment = dict(rotate=0.3, shear=0.1, scale=0.1, jitter=0.01)
for normalise in ('root','heading','scale','none'):
    a,b = (next(iter(mae_loaders(clips, clips.split('random'), bs=8, augment=augment, normalise=normalise, device=d).train))[0] for d in ('cpu', device))
    assert torch.equal(a.key, b.key.cpu()); found[f'clips {normalise}'] = off(b.as_subclass(torch.Tensor), a.as_subclass(torch.Tensor))
a,b = (next(iter(classifier_loaders(clips, clips.split('random'), bs=8, device=d).train)) for d in ('cpu', device))
assert torch.equal(a[1].as_subclass(torch.Tensor), b[1].cpu().as_subclass(torch.Tensor))
(x,),(y,) = (next(iter(mae_loaders(clips, clips.split('random'), bs=8, augment=False, device=d).train)) for d in ('cpu', device))
for mode in MASKS:
    masking = make_masking(mode, n_joints=clips.skeleton.n_joints, skeleton=clips.skeleton)
    m,n = masking(x.key, x),masking(y.key, y)
    found[f'mask {mode}'] = (m.masked != n.masked.cpu()).float().mean().item()      # of motion: what is as good as equal may be ranked otherwise
torch.manual_seed(0)
mae = SkeletonMAE.from_preset(preset, n_joints=clips.skeleton.n_joints, n_channels=clips.dims)
torch.nn.init.normal_(mae.decoder.output.weight, std=0.1)
masking,grads = make_masking('random', n_joints=clips.skeleton.n_joints),[]
mae.double()
for d,o in (('cpu', x), (device, y)):
    mae.to(d); mae.zero_grad(); o = o.as_subclass(torch.Tensor).double()
    mask = masking(y.key.to(d))
    pred = mae(o, mask); loss = ReconstructionLoss()(pred, o, mask); loss.backward()
    grads.append([loss, *(p.grad.cpu().clone() for p in mae.parameters() if p.grad is not None)])
found['loss, float64'],*each = [off(b, a) for a,b in zip(*grads)]
whole = [torch.cat([g.flatten().double().cpu() for g in o[1:]]) for o in grads]
found['gradients, float64'] = off(whole[1], whole[0])
print(json.dumps(found))
"""

@check('what a CPU computes', 'clips')
def agrees(p):
    found = json.loads(last(p.python('-c', AGREE, str(p.store), p.device, p.preset)))
    bad = {k: v for k,v in found.items() if v > (1e-6 if 'float64' in k else 0.02 if k == 'mask motion' else 1e-4)}
    if bad: raise Failed(f'differs from it by {short(bad)} (relative)')
    return found

UNSEEN = """
import sys, numpy as np, torch
from skeletonmae.data.loaders import mae_loaders
from skeletonmae.data.clips import Clips
from skeletonmae.data.transforms import Resample, RawBatch, fill_unseen
device = sys.argv[1]; rng = np.random.default_rng(0)
rows = torch.as_tensor(rng.normal(size=(90,25,3)).astype('float32')); rows[torch.as_tensor(rng.random((90,25)) < 0.3)] = torch.nan
start,length,key = torch.tensor([0,40,60]),torch.tensor([40,20,30]),torch.tensor([3,4,5])
raw = RawBatch(rows, start, length, key, has_nan=True)
a,b = (Resample(20)(raw.to_device(d), split_idx=0).as_subclass(torch.Tensor).cpu() for d in ('cpu', device))
assert torch.allclose(a, b, atol=1e-5), (a-b).abs().max()
print('the same')
"""

@check('joints that were not seen', 'machine')
def unseen(p): return last(p.python('-c', UNSEEN, p.device))

def trains(precision, compile, fused):
    name = f"pretrain {precision}{', compiled' if compile else ''}, fused {fused}"
    @check(name, 'clips')
    def f(p): return p.train('pretrain', name.replace(' ', '-').replace(',', ''), '--precision', precision, '--fused', fused, *['--compile']*compile, limit=p.limit*(1+compile))
for precision in ('fp32','bf16','fp16'):
    for compile,fused in ((True,'on'), (False,'on'), (False,'off')): trains(precision, compile, fused)

def finetunes(precision, *more):
    of = f'pretrain {precision}, fused on'
    name = ' '.join(['finetune', precision, *(o.strip('-') for o in more)])
    @check(name, of)
    def f(p): return p.train('finetune', name.replace(' ', '-'), '--weights', p.out/'runs'/of.replace(' ', '-').replace(',', ''), '--precision', precision, *more, limit=p.limit*(1+len(more)))
finetunes('fp32'); finetunes('bf16'); finetunes('fp16'); finetunes('bf16', '--compile')

@check('pretrain with every choice', 'clips')
def choices(p):
    return p.train('pretrain', 'choices', '--precision', 'bf16', '--mask-mode', 'motion', '--target', 'motion', '--frame-ratios', '0.4,0.5,0.6', '--ema', 0.9, '--accumulate', 2, '--grad-clip', 1, '--patience', 5,
                   '--masked-only', '--normalise', 'heading', '--rotate', 0.3, '--shear', 0.1, '--scale', 0.1, '--jitter', 0.01, '--num-workers', 2, '--strips-every', 1)

@check('finetune with every choice', 'pretrain fp32, fused on')
def tuned(p):
    return p.train('finetune', 'tuned', '--weights', p.out/'runs/pretrain-fp32-fused-on', '--precision', 'fp16', '--ema', 0.9, '--accumulate', 2, '--grad-clip', 1, '--mixup', 0.2, '--layer-decay', 0.8, '--unfreeze-every', 1,
                   '--class-weights', 'balanced', '--drop-path', 0.1, '--drop', 0.2, '--head-norm', '--pool', 'statistics', '--label-fraction', 0.5)

def contrasts(method, *more):
    @check(' '.join(['contrast', method, *(o.strip('-') for o in more)]), 'clips')
    def f(p): return p.train('contrast', f'{method}-{len(more)}', *more, '--preset', p.preset, before=f"import sys; sys.argv[2:2] = [{method!r}]")
contrasts('aimclr', '--precision', 'bf16'); contrasts('crosclr', '--backbone', 'stgcn', '--precision', 'fp16')

def whole(run): return {f.name: f.read_bytes() for f in run.glob('*.safetensors')}

def apart(a, b):
    "How far the weights of two runs are from each other: 0 where their bytes are the same"
    import numpy as np
    from safetensors.numpy import load_file
    a,b = (load_file(o/'last.safetensors') for o in (a,b))
    d = np.concatenate([(a[k].astype(float)-b[k]).ravel() for k in a]); size = np.concatenate([v.astype(float).ravel() for v in a.values()])
    return dict(largest=float(np.abs(d).max()), relative=float(np.linalg.norm(d)/np.linalg.norm(size)))

EXACT = """import os; os.environ['CUBLAS_WORKSPACE_CONFIG'] = ':4096:8'
import torch; torch.use_deterministic_algorithms(True, warn_only=True); torch.utils.deterministic.fill_uninitialized_memory = False"""

def resumes(name, before, *more):
    @check(f'resume {name}', 'clips')
    def f(p):
        runs = {k: f"{name.replace(' ','-').replace(',','')}-{k}" for k in ('whole','again','killed')}
        out = {k: p.out/'runs'/v for k,v in runs.items()}
        args,kept = ('--epochs', 6, '--save-every', 3, *more), out['killed']/'checkpoints'
        for k in ('whole','again'): times = p.train('pretrain', runs[k], *args, before=before)
        try: p.train('pretrain', runs['killed'], *args, before=before, code=-signal.SIGKILL, kill_at=lambda: len(list(kept.glob('epoch-*-step-*'))) > 1)
        except Failed as e:
            if 'exit status 0' in str(e): raise Failed('it was finished before it was killed')
            raise
        p.train('pretrain', runs['killed'], *args, '--resume', before=before)
        same = {k: whole(out[k]) == whole(out['whole']) for k in ('again','killed')}
        found = dict(seconds=times['seconds'], the_same_twice=same['again'], the_same_resumed=same['killed'], twice=apart(out['again'], out['whole']), resumed=apart(out['killed'], out['whole']))
        if before and not all(same.values()): raise Failed(f'other bytes: {json.dumps(found)}')
        return found
resumes('as it is', '')
resumes('deterministic fp32', EXACT)
resumes('deterministic fp16, fused', EXACT, '--precision', 'fp16', '--fused', 'on')
resumes('deterministic bf16, compiled', EXACT, '--precision', 'bf16', '--compile')

@check('torchrun', 'clips')
def torchrun(p):
    out = p.out/'runs/torchrun'
    p.python('-m', 'torch.distributed.run', '--nproc_per_node', '1', '--standalone', '-m', 'skeletonmae', 'pretrain', str(p.store), '--out', str(out), '--preset', p.preset, '--epochs', '1', '--bs', str(p.bs), '--device', p.device, *p.threads)
    return dict(best_valid_loss=json.loads((out/'metrics.json').read_text())['best_valid_loss'])

GROUP = """
import os, sys, torch, torch.distributed as dist
from torch import nn
from skeletonmae.train.distributed import SyncBatchNorm, _gather_rows, on_rank0
from skeletonmae.train.checkpoints import Checkpoints
device = sys.argv[1]
os.environ.update(MASTER_ADDR='localhost', MASTER_PORT='29741', RANK='0')
dist.init_process_group('cpu:gloo,cuda:nccl' if device != 'cpu' else 'gloo', rank=0, world_size=1)
torch.manual_seed(0)
for dtype in (torch.float32, torch.bfloat16, torch.float16):
    a,b = nn.BatchNorm2d(8).to(device),SyncBatchNorm(8).to(device)
    x = torch.randn(6,8,5,7).to(device, dtype); y = x.clone(); g = torch.randn_like(x)
    x.requires_grad_(); y.requires_grad_()
    p,q = a(x),b(y); p.backward(g); q.backward(g)
    for one,two in ((p,q), (x.grad,y.grad), (a.weight.grad,b.weight.grad), (a.bias.grad,b.bias.grad), (a.running_mean,b.running_mean), (a.running_var,b.running_var)):
        off = ((one.float()-two.float()).norm()/one.float().norm()).item()
        assert off < (1e-5 if dtype is torch.float32 else 1e-2), (dtype, off)
x = torch.randn(5,3,device=device)
assert torch.equal(_gather_rows(x, 4), x[:4]) and torch.equal(_gather_rows(x > 0, 5), x > 0)
flat = torch.ones(3, device=device); dist.all_reduce(flat); dist.broadcast(flat, 0); dist.all_reduce(torch.ones(1)); dist.barrier()
seen = [None]; dist.all_gather_object(seen, dict(a=1)); dist.broadcast_object_list(seen)
dist.destroy_process_group(); print('as it should be:', 'nccl and gloo' if device != 'cpu' else 'gloo')
"""

@check('collectives', 'machine')
def group(p): return last(p.python('-c', GROUP, p.device))

@check('the other commands', 'finetune bf16')
def others(p):
    tuned,pre,dev,done = p.out/'runs/finetune-bf16',p.out/'runs/pretrain-bf16-fused-on',['--device', p.device],{}
    for name,args in dict(evaluate=['evaluate', tuned, p.store, *dev], predict=['predict', tuned, p.store, *dev], probe=['probe', pre, p.store, *dev],
                          embed=['embed', tuned, p.store, '--out', p.out/'features.npz', *dev], show=['show', pre, p.store, '--out', p.out/'shown.png', *dev],
                          lr_find=['lr-find', 'pretrain', p.store, '--preset', p.preset, '--bs', 16, '--steps', 30, *dev], stream=['stream', tuned, p.store, *dev],
                          export=['export', tuned, '--onnx']).items():
        try: p.run(*args); done[name] = 'ok'
        except Failed as e: done[name] = str(e)[:1500]
    if any(v != 'ok' for v in done.values()): raise Failed('; '.join(f'{k}: {v}' for k,v in done.items() if v != 'ok'))
    return done

@check('out of memory', 'clips', alone=True)
def memory(p):
    if not p.cuda: return 'not tried on a CPU'
    bs = 700
    said = p.run('pretrain', p.store, '--out', p.out/'runs/full', '--preset', '512', '--n-frames', 200, '--epochs', 1, '--bs', bs, '--protocol', 'random', '--device', p.device, code=1)
    if 'out of memory with batches of' not in said: raise Failed(last(said)[:300])
    return last(said)

OPERATIONS = """
import json, sys
from skeletonmae.analyse.bench import TASKS, clip_operations
from skeletonmae.model.mae import PRESETS
print(json.dumps({f'{p} {t}': clip_operations(t, p) for p in sys.argv[1:] for t in TASKS}))
"""
PRESETS = ('256','512','128','small','tiny')

@check('operations', 'machine')
def operations(p): return json.loads(last(p.python('-c', OPERATIONS, *(PRESETS if p.cuda else ('tiny',)))))

COMPILED = [('pretrain','256','bf16'), ('finetune','256','bf16'), ('pretrain','small','bf16'), ('pretrain','256','fp32')]
WARM = "import sys; from skeletonmae.analyse.bench import Step; t,p,r,bs,d = sys.argv[1:]; Step(t, p, int(bs), r, d, compile=True)()"

def warms(task, preset, precision): # the programs are kept on disk, so that timing finds them
    @check(f'compile {task} {preset} {precision}', 'machine')
    def f(p):
        if not p.cuda: return 'on a GPU only'
        started = time.time(); p.python('-c', WARM, task, preset, precision, '64', p.device, limit=2*p.limit)
        return dict(seconds=time.time()-started)
for o in COMPILED: warms(*o)

BENCH = """
import json, sys, time, torch
from skeletonmae.analyse.bench import Step, matmul_rate, peak_memory, take_turns
from skeletonmae.model.mae import n_params
from skeletonmae.train.runs import machine
device,ends,out,plan = sys.argv[1],float(sys.argv[2]),sys.argv[3],json.loads(sys.argv[4])
rows,rates,left = [],{},0
def write():
    with open(out, 'w') as f: json.dump(dict(machine=machine(), device=device, matmul_rate=rates, left_out=left, rows=rows), f, indent=1)
for task,preset,precision,bs,compile,fused in plan:
    if time.time() > ends: left += 1; continue
    if precision not in rates: rates[precision] = matmul_rate(precision, (4096,8192) if device != 'cpu' else (512,), 2, device)
    row = dict(task=task, preset=preset, precision=precision, bs=bs, compile=compile, fused=fused)
    try:
        torch.manual_seed(0)
        step = Step(task, preset, bs, precision, device, compile=compile, fused=fused)
        started = time.time(); step(); first = time.time()-started
        memory = peak_memory(step, device)
        times = take_turns({'': step}, 6, device)['']
        row |= dict(clips_per_second=bs/min(times), median=bs/sorted(times)[len(times)//2], first_step_seconds=first, peak_memory=memory, parameters=n_params(step.net))
        del step
    except Exception as e: row['failed'] = f'{type(e).__name__}: {str(e).splitlines()[0][:200] if str(e) else ""}'
    if device != 'cpu': torch.cuda.empty_cache()
    rows.append(row); write()
write(); print(len(rows), 'rows,', left, 'left out')
"""

@check('bench', 'operations', alone=True)
def bench(p):
    plan = [(t,s,r,bs,False,True) for bs in (64,512) for s in PRESETS for r in ('fp32','bf16','fp16') for t in ('pretrain','finetune','infer')] if p.cuda else [('pretrain','tiny',r,4,c,True) for r in ('fp32','bf16') for c in (False,True)]
    if p.cuda: plan = [o for o in plan if o[3] == 64] + [('pretrain','small',r,64,False,False) for r in ('fp32','bf16')] + [('pretrain','256','bf16',64,False,False)] + [(*o,64,True,True) for o in COMPILED] + [o for o in plan if o[3] == 512]
    seconds = min(100, p.ends-time.time()-8)
    out = p.out/'bench.json'
    try: p.python('-c', BENCH, p.device, str(time.time()+seconds-15), str(out), json.dumps(plan), limit=max(seconds, 1))
    except Failed:
        if not out.exists(): raise                  # else what was timed until then
    res = bench_rows(p, json.loads(out.read_text()))
    out.write_text(json.dumps(res, indent=1))
    return dict(rows=len(res['rows']), planned=len(plan), **{f'{k} TFLOP/s': v/1e12 for k,v in res['matmul_rate'].items()})

def bench_rows(p, res):
    ops = p.found.get('operations') or {}
    for r in res['rows']:
        if (n := ops.get(f"{r['preset']} {r['task']}")) and 'clips_per_second' in r: r.update(operations=n, share_of_matmul=r['clips_per_second']*n/res['matmul_rate'][r['precision']])
    for r in res['rows']:
        print(f"{r['task']:>9} {r['preset']:>6} {r['precision']} bs {r['bs']:<4}{' compiled' if r['compile'] else ''}{'' if r['fused'] else ' not fused'}  " +
              (r['failed'] if 'failed' in r else f"{r['clips_per_second']:9.0f} clips/s  {r['peak_memory']/1e6:7.0f} MB  {100*r.get('share_of_matmul', 0):5.1f} % of matmul  first step {r['first_step_seconds']:.1f} s"), flush=True)
    return res

def one(p, name, results):
    f,needs,_ = CHECKS[name]
    started,r = time.time(),dict(name=name)
    missing = [o for o in needs if not results.get(o, {}).get('ok')]
    if missing: r.update(ok=False, says=f'not run: {missing[0]} failed')
    elif time.time() > p.ends: r.update(ok=False, says='not run: no time was left')
    else:
        try: r.update(ok=True, found=(found := f(p)), says=short(found)[:220]); p.found[name] = found
        except Exception as e: r.update(ok=False, says=str(e) if isinstance(e, Failed) else f'{type(e).__name__}: {e}')
    r['seconds'] = round(time.time()-started, 1)
    results[name] = r
    with WRITING: (p.out/'checked.json').write_text(json.dumps(list(results.values()), indent=1))
    print(f"{'ok    ' if r['ok'] else 'FAILED'} {r['seconds']:6.1f} s  {name}: {r['says'].splitlines()[0]}", flush=True)
    for more in r['says'].splitlines()[1:] if not r['ok'] else (): print(f'           | {more}', flush=True)

def stop(*_):
    for o in LIVING:
        if o.poll() is None: os.killpg(o.pid, signal.SIGKILL)
    os._exit(130)

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('out', help='folder to write, which must not be there yet')
    a.add_argument('--device', default='cuda', help='%(default)s')
    a.add_argument('--clips', help='a store of clips; default built-in ones')
    a.add_argument('--limit', type=float, default=600, help='seconds for all (%(default)s)')
    a.add_argument('--each', type=float, default=120, help='seconds for one process (%(default)s; twice as many where it compiles)')
    a.add_argument('--workers', type=int, help='checks at a time (default 14 on a GPU, 1 on a CPU); those that time something run alone')
    a.add_argument('--only', help='checks whose names hold one of these words, with commas between, and what they wait for')
    a = a.parse_args()
    if Path(a.out).exists(): sys.exit(f'{a.out} is there already: give another folder.')
    for o in (signal.SIGINT, signal.SIGTERM): signal.signal(o, stop)
    p,results = Place(a),{}
    p.found = {}; (p.out/'runs').mkdir(parents=True)
    def wanted(name): return not a.only or any(w.strip() in name for w in a.only.split(','))
    names = [n for n in CHECKS if wanted(n)]
    for n in names: names += [o for o in CHECKS[n][1] if o not in names]
    names = [n for n in CHECKS if n in names]
    with ThreadPoolExecutor(a.workers or (14 if p.cuda else 1)) as pool:
        waiting,running = sorted((n for n in names if not CHECKS[n][2]), key=lambda n: 2*('compile' in n) + ('resume' in n), reverse=True), {}      # the longest first
        while waiting or running:
            for n in [n for n in waiting if all(o in results for o in CHECKS[n][1])]: waiting.remove(n); running[n] = pool.submit(one, p, n, results)
            for n in [n for n,f in running.items() if f.done()]: running.pop(n).result()
            time.sleep(0.05)
    for n in [n for n in names if CHECKS[n][2]]: one(p, n, results)
    shutil.rmtree(p.out/'runs', ignore_errors=True)
    bad = [n for n in names if not results[n]['ok']]
    print(f"{len(names)-len(bad)} of {len(names)} checks are ok{': not ' if bad else ''}{', '.join(bad)}; {p.out/'checked.json'}")
    sys.exit(bool(bad))

if __name__ == '__main__': main()
