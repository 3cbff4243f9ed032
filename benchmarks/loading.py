"""How fast batches come from a store, beside the feeder that is usual: python benchmarks/loading.py [--clips 50000] [--folder DIR]

A store of 50,000 clips is written to a temporary folder (about 1.4 GB, and 0.4 GB for the usual feeder; removed at the end): 25 joints, one person or,
in every fifth clip, two, and as many frames as NTU's clips have, 32 to 300 and 80 on average. Then, on one core and in turns, batches of 64 clips
drawn at random are made in three ways. All of them cut 50-100 % out of a clip, resample that to 20 frames, put the root of the first frame at the
origin and turn the clip by up to 0.3 rad about each axis.

usual   what skeleton projects have: clips padded to 300 frames and two persons in one mapped array; `__getitem__` copies one, counts the frames that
        are not padding, crops, resamples with `F.interpolate` and turns every frame; the default collation of 64 of them
lean    the same without what the padding costs: `__getitem__` reads only the clip's own frames from our store, and turns them by one matrix
ours    `ClipsLoader`: the rows of 64 clips in one go, and the batch transforms on all of them

Files are in the page cache, and read through once before, as they are from the second epoch on. The array of padded clips holds 2,000, so the usual
feeder even reads from fewer pages. A time is the process's own (CPU time) for a turn of 30 batches: the clock is asked before and after, not between
batches, because on a busy machine asking took longer than a batch. The three ways take turns; a machine that does other
things besides makes all of them slower, and the memory-bound more, so the best turns are given too."""
import argparse, os, tempfile, time
os.environ.setdefault('OMP_NUM_THREADS', '1')
from pathlib import Path
import numpy as np, torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset
from skeletonmae.data.clips import Clips, ClipsWriter
from skeletonmae.data.loaders import ClipsLoader, Samples
from skeletonmae.data.transforms import batch_transforms

PADDED = 2000 # clips for the usual feeder; all 50,000 would take 9 GB

def lengths(n, rng):
    "Frames of n clips: between 32 and 300, 80 on average, as NTU's"
    return np.clip(rng.lognormal(np.log(74), 0.37, n), 32, 300).astype(int)

def write_store(path, n, rng):
    "A store of smooth random walks, cut out of a few long ones"
    walks = rng.normal(size=(8, 3000, 25, 3)).cumsum(1, dtype=np.float32)*np.float32(0.01)
    with ClipsWriter(path, 'ntu', classes=[f'action {i}' for i in range(60)]) as w:
        for i,T in enumerate(lengths(n, rng)):
            begin = rng.integers(0, 3000-T, 2)
            w.add(np.stack([walks[(i+p)%8, begin[p]:begin[p]+T] for p in range(2 if i%5 == 0 else 1)], 1), label=i%60)

def write_padded(path, clips, n):
    "The first n clips as the usual array (N, C, 300, J, 2)"
    data = np.lib.format.open_memmap(path, 'w+', np.float32, (n, 3, 300, 25, 2))
    for i in range(n):
        x = clips[i].frames
        data[i, :, :len(x), :, :x.shape[1]] = x.transpose(3,0,2,1)
    data.flush()

def resized(x, crop, n_frames):
    "(C, T, J, P) cut at random and resampled to n_frames"
    C,T,J,P = x.shape
    size = max(int(T*np.random.uniform(*crop)), 1)
    begin = np.random.randint(0, T-size+1)
    x = torch.from_numpy(x[:,begin:begin+size]).permute(0,2,3,1).contiguous().view(1, 1, C*J*P, size)
    x = F.interpolate(x, size=(C*J*P, n_frames), mode='bilinear', align_corners=False)
    return x.view(C, J, P, n_frames).permute(0,3,1,2).contiguous()

def axis_rotations(angles):
    "(..., 3, 3) the rotations about x, y and z, one after another"
    c,s,one,zero = angles.cos(),angles.sin(),torch.ones_like(angles[...,0]),torch.zeros_like(angles[...,0])
    def matrix(*rows): return torch.stack([torch.stack(r, -1) for r in rows], -2)
    rx = matrix((one,zero,zero), (zero,c[...,0],-s[...,0]), (zero,s[...,0],c[...,0]))
    ry = matrix((c[...,1],zero,s[...,1]), (zero,one,zero), (-s[...,1],zero,c[...,1]))
    rz = matrix((c[...,2],-s[...,2],zero), (s[...,2],c[...,2],zero), (zero,zero,one))
    return rz @ ry @ rx

class Usual(Dataset):
    "One padded clip at a time"
    def __init__(self, data, labels, n_frames=20, crop=(0.5,1.), rotate=0.3):
        self.data,self.labels,self.n_frames,self.crop,self.rotate = data,labels,n_frames,crop,rotate

    def __len__(self): return len(self.labels)

    def __getitem__(self, i):
        x = np.array(self.data[i % len(self.data)])
        T = int((x.sum((0,2,3)) != 0).sum())
        x = resized(x[:,:T], self.crop, self.n_frames)
        x = x - x[:,:1,:1]
        angles = torch.empty(3).uniform_(-self.rotate, self.rotate).expand(self.n_frames, 3)
        C,T,J,P = x.shape
        x = axis_rotations(angles) @ x.permute(1,0,2,3).contiguous().view(T, C, J*P)      # frame by frame
        return x.view(T, C, J, P).permute(1,0,2,3).contiguous(), int(self.labels[i])

class Lean(Usual):
    "One clip at a time, its own frames only"
    def __init__(self, clips, **kwargs):
        super().__init__(None, np.asarray(clips.labels), **kwargs)
        self.rows,self.start,self.length,self.persons = (np.asarray(o) for o in (clips.sources[0].rows, clips.start, clips.n_frames, clips.n_persons))

    def __getitem__(self, i):
        T,P,a = self.length[i],self.persons[i],self.start[i]
        x = np.zeros((3, T, 25, 2), np.float32)
        x[...,:P] = self.rows[a:a+P*T].reshape(P, T, 25, 3).transpose(3,1,2,0)
        x = resized(x, self.crop, self.n_frames)
        x = x - x[:,:1,:1]
        return (axis_rotations(torch.empty(3).uniform_(-self.rotate, self.rotate)) @ x.view(3, -1)).view_as(x), int(self.labels[i])

def ours(clips, draw):
    "`ClipsLoader` over the clips in `draw`, in that order"
    dl = ClipsLoader(Samples(clips, persons='together'), bs=draw.shape[1], tfms=batch_transforms(), train=True, labels=True)
    dl.get_idxs = lambda: draw.flatten().tolist()
    return iter(dl)

def seconds(batches, n):
    "CPU seconds of one of n batches, the mean"
    start = time.process_time()
    for _ in range(n): next(batches)
    return (time.process_time()-start)/n

def read_through(rows):
    "Touch every page of a mapped array once"
    for i in range(0, len(rows), 1000): rows[i:i+1000].reshape(-1)[::1024].sum()

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--clips', type=int, default=50_000, help='clips in the store')
    p.add_argument('--bs', type=int, default=64, help='clips in a batch')
    p.add_argument('--batches', type=int, default=30, help='batches in a turn')
    p.add_argument('--turns', type=int, default=15, help='turns of every way')
    p.add_argument('--folder', type=Path, help='where to make the temporary folder')
    args = p.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory(dir=args.folder) as d:
        write_store(Path(d)/'clips', args.clips, rng)
        opening = []
        for _ in range(5):
            start = time.perf_counter()
            clips = Clips.open(Path(d)/'clips')
            opening.append(time.perf_counter()-start)
        print(f'{clips}\nrows.npy {(Path(d)/"clips/rows.npy").stat().st_size/1e9:.2f} GB, opened in {1e3*opening[0]:.1f} ms (again: {1e3*min(opening):.1f})')
        write_padded(Path(d)/'padded.npy', clips, min(PADDED, len(clips)))
        padded,labels = np.load(Path(d)/'padded.npy', mmap_mode='r'),np.asarray(clips.labels)
        ways = dict(usual=lambda draw: iter(DataLoader(Usual(padded, labels), batch_sampler=draw.tolist())),
                    lean=lambda draw: iter(DataLoader(Lean(clips), batch_sampler=draw.tolist())), ours=lambda draw: ours(clips, draw))
        for rows in (clips.sources[0].rows, padded.reshape(len(padded), -1)): read_through(rows)
        times = {way:[] for way in ways}
        for turn in range(args.turns+1):
            draw = rng.integers(0, len(clips), (args.batches, args.bs))
            for way,batches in ways.items(): times[way].append(seconds(batches(draw), args.batches))
        times = {way: np.array(t[1:]) for way,t in times.items()}       # the first turn warms up
        for way,t in times.items():
            print(f'{way:<5} {args.bs/np.median(t):8,.0f} clips/s, {1e3*np.median(t):6.2f} ms a batch of {args.bs} (median of {len(t)} turns; best {1e3*t.min():.2f} ms)')
        for way in ('usual', 'lean'):
            a,b = times[way],times['ours']
            print(f'ours makes {np.median(a)/np.median(b):.1f} times the clips/s of {way} (best against best {a.min()/b.min():.1f})')

if __name__ == '__main__': main()
