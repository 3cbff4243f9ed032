"""Few labels on people of MSR Action3D that are held out, many models at a time on one GPU: python folds.py MSR_STORE FOLDS.JSON

Five folds, each of which holds one of the five training people out, and two seeds, each with a draw of a tenth of the other people's labels:
ten models of the preset `small` that train in step, each on a stream of its own in one CUDA graph, in fp32 with TF32. The test people take no part.
The model, its masks and their ratios are the library's; batches, schedule (one cycle) and losses are written out here, since what is captured in a graph may not wait for the CPU."""
import json, math, sys, time

import numpy as np
import torch
import torch.nn.functional as F

from skeletonmae.data.clips import Clips, stratified
from skeletonmae.train.finetune import ActionClassifier
from skeletonmae.model.mae import Encoder, SkeletonMAE
from skeletonmae.model.masking import Mask
from skeletonmae.model.mask_kinds import make_masking
from skeletonmae.data.transforms import rotation_matrix

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu'); cuda = device.type == 'cuda'
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
B,T = 16,20

class Data:
    "All clips on the device"
    def __init__(self, store):
        c = self.clips = Clips.open(store)
        self.rows = torch.as_tensor(np.concatenate([c[i].frames[:,0] for i in range(len(c))]), device=device)
        self.len = torch.as_tensor(np.array(c.n_frames), device=device); self.start = self.len.cumsum(0)-self.len
        self.y = torch.as_tensor(np.array(c.labels), device=device)
    def batch(self, items, train=True):
        "(...,) clips to (..., C, T, J): a crop of 50 to 100 %, centred on the root, turned by up to 0.3 rad; the centre 95 % in evaluation"
        shape,i = items.shape,items.flatten(); n,last = len(i),(self.len[i]-1).float()
        size = last*((0.5+0.5*torch.rand(n, device=device)) if train else 0.95)
        begin = (last-size)*(torch.rand(n, device=device) if train else 0.5)
        pos = begin[:,None]+size[:,None]*torch.linspace(0, 1, T, device=device); a = pos.long(); b = torch.minimum(a+1, self.len[i,None]-1)
        x = torch.lerp(self.rows[self.start[i,None]+a], self.rows[self.start[i,None]+b], (pos-a)[...,None,None])
        x = x-x[:,:1,:1]
        if train:
            x = torch.einsum('nij,ntvj->ntvi', rotation_matrix((2*torch.rand(n, 3, device=device)-1)*0.3), x)
        return x.permute(0,3,1,2).reshape(*shape, 3, T, -1).contiguous()

class Job:
    "A model, its optimiser and the static arrays that a graph reads"
    def __init__(self, model, lr, wd, params=None):
        self.model,self.lr = model.to(device).train(),lr
        self.opt = torch.optim.Adam([dict(params=list(params or model.parameters()), lr=torch.tensor(0., device=device) if cuda else 0.)], weight_decay=wd, fused=cuda, capturable=cuda)
    def step(self):
        self.opt.zero_grad(set_to_none=True)
        loss = self.loss(); loss.backward(); self.opt.step(); self.last = loss.detach()

class Pretraining(Job):
    def __init__(self, data, seed, target='coordinates', mode='random', lr=0.005):
        torch.manual_seed(seed); J = self.J = data.clips.skeleton.n_joints
        super().__init__(SkeletonMAE.from_preset('small', n_joints=J), lr, 0.)
        self.target,self.masking = target,make_masking(mode, n_joints=J, skeleton=data.clips.skeleton)
        m = self.draw(B); self.x,self.frames,self.joints = torch.zeros(B, 3, T, J, device=device),torch.zeros_like(m.frames),torch.zeros_like(m.joints)
    def draw(self, n): return self.masking(torch.randint(-2**62, 2**62, (n,), device=device), None)
    def loss(self):
        mask = Mask(self.frames, self.joints, T, self.J); h = mask.masked
        t = self.x if self.target == 'coordinates' else torch.cat([self.x[:,:,1:]-self.x[:,:,:-1], torch.zeros_like(self.x[:,:,:1])], 2)
        return self.J*((self.model(self.x, mask)-t).square().sum(1)*h).sum()/h.sum()

class Classification(Job):
    def __init__(self, data, seed, weights=None, lr=0.005, frozen=False):
        torch.manual_seed(1000+seed); J = data.clips.skeleton.n_joints
        e = Encoder.from_preset('small', n_joints=J)
        if weights is not None: e.load_state_dict(weights)
        m = ActionClassifier(e, data.clips.n_classes, head_norm=True, pool='statistics')
        super().__init__(m, lr, 1e-4, m.head.parameters() if frozen else None)
        if frozen: m.encoder.requires_grad_(False).eval()
        self.x,self.y = torch.zeros(B, 3, T, J, device=device),torch.zeros(B, dtype=torch.long, device=device)
    def loss(self): return F.cross_entropy(self.model(self.x), self.y, label_smoothing=0.1)

def one_cycle(t, n, lr):
    "fastai's: from lr/25 to lr in a quarter of the steps, then down to lr/100000"
    def cos(a, b, q): return a+(1-math.cos(math.pi*q))*(b-a)/2
    p = t/max(1, n-1)
    return cos(lr/25, lr, p/0.25) if p < 0.25 else cos(lr, lr/1e5, (p-0.25)/0.75)

def train(jobs, data, items, size, epochs, seed):
    "All jobs in step, each on its `items`, `size` samples an epoch"
    steps,rng,n,graph,began = size//B,np.random.default_rng(seed),len(jobs),None,time.time()
    static = {k: torch.stack([getattr(j, k) for j in jobs]) for k in (('x','y') if hasattr(jobs[0], 'y') else ('x','frames','joints'))}
    for k,v in static.items():
        for j,o in zip(jobs, v): setattr(j, k, o)
    lr = torch.zeros(n, device=device)
    if cuda:
        for j,o in zip(jobs, lr): j.opt.param_groups[0]['lr'] = o
        streams = [torch.cuda.Stream() for _ in jobs]
    def all_steps():
        if not cuda: return [j.step() for j in jobs]
        main = torch.cuda.current_stream()
        for j,s in zip(jobs, streams):
            s.wait_stream(main)
            with torch.cuda.stream(s): j.step()
        for s in streams: main.wait_stream(s)
    for t in range(epochs*steps):
        if t % steps == 0:
            order = np.stack([np.concatenate([rng.permutation(i) for _ in range(-(-steps*B//len(i)))])[:steps*B] for i in items])
            i = torch.as_tensor(order, device=device).view(n, steps, B)
            epoch = dict(x=data.batch(i), y=data.y[i])
            if 'joints' in static:
                m = jobs[0].draw(n*steps*B); epoch |= {k: getattr(m, k).view(n, steps, B, *getattr(m, k).shape[1:]) for k in ('frames','joints')}
        for k,v in static.items(): v.copy_(epoch[k][:,t % steps])
        rate = one_cycle(t, epochs*steps, jobs[0].lr)
        if cuda: lr.fill_(rate)
        else:
            for j in jobs: j.opt.param_groups[0]['lr'] = rate
        if not cuda or t < 3: all_steps()
        else:
            if graph is None:
                torch.cuda.synchronize(); graph = torch.cuda.CUDAGraph()
                for j in jobs: j.opt.zero_grad(set_to_none=True)
                with torch.cuda.graph(graph): all_steps()
            graph.replay()
    return dict(loss=float(torch.stack([j.last for j in jobs]).mean()), seconds=round(time.time()-began, 1))

@torch.no_grad()
def accuracy(job, data, test):
    i = torch.as_tensor(test, device=device)
    return (job.model.eval()(data.batch(i, False)).argmax(1) == data.y[i]).float().mean().item()

def main(store, out, seeds=2, share=1.):
    data,results = Data(store),[]
    c = data.clips; train_clips,_ = c.split('xsub'); people = np.unique(c.subjects[train_clips])
    folds = [(train_clips[c.subjects[train_clips] != p], train_clips[c.subjects[train_clips] == p], s) for s in range(seeds) for p in people]
    seed,size = [s+10*i for i,(_,_,s) in enumerate(folds)],min(len(f[0]) for f in folds)
    labelled = [tr[stratified(c.labels[tr], max(c.n_classes, round(0.1*len(tr))), s)] for tr,_,s in folds]
    def keep(**r):
        results.append(r); print(r['name'], r.get('mean', r.get('loss')))
        with open(out, 'w') as f: json.dump(dict(command='python folds.py MSR_STORE FOLDS.JSON', torch=torch.__version__, gpu=torch.cuda.get_device_name() if cuda else None, results=results), f, indent=1)
    def epochs(n): return max(1, round(n*share))
    def pretrain(name, n, **kw):
        jobs = [Pretraining(data, s, **kw) for s in seed]
        keep(name=name, epochs=n, **kw, **train(jobs, data, [f[0] for f in folds], size, epochs(n), 1))
        return [{k: v.clone() for k,v in j.model.encoder.state_dict().items()} for j in jobs]
    def classify(name, weights, n, lr=0.005, **kw):
        jobs = [Classification(data, s, weights and weights[i], lr, **kw) for i,s in enumerate(seed)]
        r = train(jobs, data, labelled, size, epochs(n), 2); a = [accuracy(j, data, f[1]) for j,f in zip(jobs, folds)]
        keep(name=name, epochs=n, lr=lr, **kw, **r, accuracies=a, mean=float(np.mean(a)))
    for n,lr in ((30, 0.005), (30, 0.0125), (60, 0.005), (100, 0.005), (130, 0.005), (260, 0.005)): classify('scratch', None, n, lr)
    for name,kw in dict(coordinates={}, motion=dict(target='motion', mode='tube')).items():
        w = pretrain(name, 200, **kw)
        for n,lr in ((30, 0.005), (30, 0.0125), (60, 0.005), (100, 0.005)): classify(name, w, n, lr)
        classify(name, w, 30, frozen=True)

if __name__ == '__main__': main(*sys.argv[1:3], *map(float, sys.argv[3:]))
