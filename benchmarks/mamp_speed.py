"""A pretraining step of MAMP beside the published model written plainly, and where the time of either goes:
python benchmarks/mamp_speed.py [--preset mamp] [--decoder 5] [--bs 4] [--rounds 3] [--threads 1] [--device cpu] [--compile] [--out FILE.json]

A step is mask, forward, loss, backward and AdamW, of clips of 25 joints and 120 frames in patches of 4, 90 % of the 750 tokens masked. The plain
model attends by two matrix products and a softmax, and its decoder computes every block and every prediction for all tokens, in fp32. It has the
same weights; before anything is timed, its loss and gradients are compared with ours. Time is CPU time, on a GPU elapsed time, the least of some
rounds, everything in turns. The last column projects 400 epochs of NTU-60 X-Sub: 40,091 clips with two places for persons, empty ones too, as the
authors train; ours trains on the persons who are there."""
import argparse, json, os, time
os.environ.setdefault('OMP_NUM_THREADS', '1')
from contextlib import nullcontext
from copy import deepcopy

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile
from skeletonmae.data.transforms import sample_key
from skeletonmae.model.mamp import MAMP, MampLoss, TokenMasking
from skeletonmae.train.runs import machine

def plain_block(b, z):
    "A transformer block: attention by matrix products and softmax, all tokens"
    n,D = z.shape[1],z.shape[2]
    q,k,v = b.qkv(b.norm1(z)).reshape(len(z), n, 3, b.n_heads, D//b.n_heads).permute(2, 0, 3, 1, 4)
    share = ((q @ k.transpose(-2, -1))*(D//b.n_heads)**-.5).softmax(-1)
    z = z + b.out((share @ v).transpose(1, 2).reshape(len(z), n, D))
    return z + b.mlp(b.norm2(z))

class Plain(nn.Module):
    "The published model written plainly, on weights of ours; it takes the mask of our step, so that the losses compare"
    def __init__(self, net): super().__init__(); self.net = net
    def forward(self, x, mask):
        e,d = self.net.encoder,self.net.decoder
        B,C,T,J = x.shape
        z = e.embed(x.view(B, C, T//e.patch, e.patch, J).permute(0, 2, 4, 1, 3).reshape(B, T//e.patch, J, -1))
        z = (z + e.joint + e.time[:,None]).flatten(1, 2)
        seen,rest = mask.tokens[:,0],mask.masked_tokens
        z = z.gather(1, seen[...,None].expand(-1, -1, z.shape[2]))
        for b in e.blocks: z = plain_block(b, z)
        z = d.read(e.norm(z))
        full = torch.cat([z, d.mask_token.expand(B, rest.shape[1], -1)], 1)
        back = torch.cat([seen, rest], 1).argsort(1)
        z = full.gather(1, back[...,None].expand_as(full)).view(B, T//e.patch, J, -1)
        z = (z + d.joint + d.time[:,None]).flatten(1, 2)
        for b in d.blocks: z = plain_block(b, z)
        return d.output(d.norm(z))                                     # of all tokens

def plain_loss(pred, x, mask, loss):
    "The mean over all tokens, weighed by which are masked"
    masked = mask.masked.flatten(1).float()
    return ((pred-loss.target(x)).square().mean(-1)*masked).sum()/masked.sum()

class Step:
    "A pretraining step"
    def __init__(self, net, x, plain=False, precision='fp32', compile=False):
        self.net,self.x,self.plain,self.loss = Plain(net) if plain else net,x,plain,MampLoss()
        self.opt = torch.optim.AdamW(self.net.parameters(), 1e-3, betas=(.9, .95), weight_decay=.05)
        self.cast = torch.autocast(x.device.type, torch.bfloat16) if precision == 'bf16' else nullcontext()
        self.masking,self.n,self.model = TokenMasking(),0,self.net
        if compile: self.model = torch.compile(self.net, dynamic=False)

    def error(self):
        self.n += 1
        mask = self.masking(sample_key(0, self.n, torch.arange(len(self.x))).to(self.x.device), self.x)
        with self.cast: pred = self.model(self.x, mask)
        return plain_loss(pred, self.x, mask, self.loss) if self.plain else self.loss(pred, self.x, mask)

    def __call__(self):
        self.opt.zero_grad()
        self.error().backward()
        self.opt.step()

def seconds(steps, rounds, cuda):
    "{name: least seconds} of some functions, in turns, after two calls of each that do not count"
    def now():
        if cuda: torch.cuda.synchronize()
        return time.perf_counter() if cuda or torch.get_num_threads() > 1 else time.process_time()
    for f in steps.values(): f(); f()
    least = dict.fromkeys(steps, float('inf'))
    for _ in range(rounds):
        for k,f in steps.items():
            start = now(); f()
            least[k] = min(least[k], now()-start)
    return least

def difference(ours, theirs):
    "Largest difference of the two steps' losses and gradients, as a share of the largest gradient of each tensor"
    out = []
    for s in (ours, theirs): s.opt.zero_grad(); s.n = 0; l = s.error(); l.backward(); out.append(l.item())
    pairs = [(p.grad, q.grad) for p,q in zip(ours.net.parameters(), theirs.net.parameters())]
    most = max(float(b.abs().max()) for _,b in pairs)
    return abs(out[0]-out[1])/out[1], max(float((a-b).abs().max())/most for a,b in pairs)

def where(step):
    "[(operator, share of the step's time)] of the dearest operators"
    with profile(activities=[ProfilerActivity.CPU]) as p: step()
    rows = {o.key: o.self_cpu_time_total for o in p.key_averages()}
    return [(k, rows[k]/sum(rows.values())) for k in sorted(rows, key=lambda k: -rows[k])[:8]]

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--preset', default='mamp'); p.add_argument('--decoder', type=int, default=5); p.add_argument('--bs', type=int, default=4)
    p.add_argument('--rounds', type=int, default=3); p.add_argument('--threads', type=int, default=1); p.add_argument('--device', default='cpu')
    p.add_argument('--compile', action='store_true', help='also compiled steps of ours'); p.add_argument('--out')
    a = p.parse_args()
    torch.set_num_threads(a.threads); torch.manual_seed(0)
    net,cuda = MAMP.from_preset(a.preset, a.decoder).to(a.device),a.device.startswith('cuda')
    x = torch.randn(a.bs, 3, 120, 25, device=a.device).cumsum(2)/50
    kinds = {'published, written plainly, fp32': dict(plain=True), 'ours, fp32': {}, 'ours, bf16': dict(precision='bf16')}
    if a.compile: kinds |= {'ours, fp32, compiled': dict(compile=True), 'ours, bf16, compiled': dict(precision='bf16', compile=True)}
    steps = {k: Step(deepcopy(net), x, **o) for k,o in kinds.items()}
    first,second,*_ = steps.values()
    loss,grad = difference(second, first)
    print(f'ours beside the plain model: loss {loss:.1e}, gradients {grad:.1e} relative\n')
    took = seconds(steps, a.rounds, cuda)
    rows,base = [],took['published, written plainly, fp32']
    print(f'{a.preset}, decoder {a.decoder}, batch {a.bs}, {a.device}, {torch.get_num_threads()} thread\n')
    print('| step | s a step | clips a second | times the plain model | days for NTU-60, 400 epochs |\n| --- | --- | --- | --- | --- |')
    for k,s in took.items():
        days = 400*40091*2*s/a.bs/86400
        rows.append(dict(step=k, seconds=s, clips_per_second=a.bs/s, ratio=base/s, days=days))
        print(f'| {k} | {s:.3f} | {a.bs/s:.2f} | {base/s:.2f} | {days:.1f} |')
    profiles = {} if cuda else {k: where(s) for k,s in list(steps.items())[:3]}
    for k,top in profiles.items():
        print(f'\n{k}\n')
        for name,share in top: print(f'{100*share:5.1f} %  {name}')
    if a.out:
        with open(a.out, 'w') as f: json.dump(dict(args=vars(a), load=os.getloadavg(), machine=machine(), difference=dict(loss=loss, gradients=grad),
                                                   rows=rows, profiles=profiles), f, indent=1)

if __name__ == '__main__': main()
