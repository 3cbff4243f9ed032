"""How fast `read_skeleton_fast` reads NTU's text files, beside the plain reader and the usual loops:
python benchmarks/read_skeleton.py [--files FOLDER] [--processes 2]

Without files of your own it writes some like the official ones: 7 digits in all 12 columns, Windows line ends, 45 to
160 frames, every fifth with two bodies, 0.35 MB on average. Times are the process's own, from the page cache, the best
of several runs, ours and the others in turn. The plain reader checks every line; the usual loops check nothing."""
import argparse, multiprocessing, tempfile, time
from pathlib import Path
import numpy as np
from skeletonmae.data.ntu import read_skeleton
from skeletonmae.data.ntu_fast import read_skeleton_fast

def like_official(path, n_frames=85, n_bodies=1, seed=0):
    rng, lines = np.random.default_rng(seed), [f'{n_frames}']
    scale = [.5, .5, 1, 60, 60, 250, 150, .5, .5, .5, .5]
    middle = [0, 0, 3, 256, 212, 960, 540, 0, 0, 0, 0]
    for _ in range(n_frames):
        lines.append(f'{n_bodies}')
        for b in range(n_bodies):
            lines += [f'{72057594037931101+b} 0 1 1 1 1 0 0.02764709 0.05745083 2', '25']
            lines += [' '.join('%.7g' % v for v in middle + rng.normal(size=11)*scale) + ' 2' for _ in range(25)]
    path.write_bytes('\r\n'.join([*lines, '']).encode())

def like_ntu(folder, n_files=20):
    "Files like NTU's, of different lengths"
    frames = np.linspace(45, 160, n_files).astype(int)
    for i,n in enumerate(frames): like_official(folder/f'S001C001P{i+1:03d}R001A001.skeleton', n, 1 + (i%5 == 2), i)
    return sorted(folder.glob('*.skeleton'))

def walk(path, joint, stack):
    "The usual loop over lines: `joint` turns words into what is kept, `stack` adds a frame to a body"
    with open(path) as f: lines, bodies, i = f.readlines(), {}, 1
    for _ in range(int(lines[0])):
        n_bodies, i = int(lines[i]), i+1
        for _ in range(n_bodies):
            who, n_joints = lines[i].split()[0], int(lines[i+1])
            frame = [joint(lines[i+2+j].split()) for j in range(n_joints)]
            bodies[who] = stack(bodies.get(who), frame)
            i += 2 + n_joints
    return bodies

def as_lists(body, frame): return [*(body or []), frame]
def stacked(body, frame): return np.vstack(frame) if body is None else np.vstack([body, *frame])
def both_stacked(body, frame):
    new = [np.vstack(o) for o in zip(*frame)]
    return new if body is None else [np.vstack(o) for o in zip(body, new)]
def xyz(words): return np.array(words[:3], dtype=np.float32)
def xyz_and_place(words): return np.array(words[:3], dtype=np.float32), np.array(words[5:7], dtype=np.float32)

columns = 'x y z depth_x depth_y color_x color_y w ox oy oz tracking'.split()
REFERENCE, PUBLISHED = 'an array of x, y, z for each joint', 'arrays of x, y, z and of the colour image'
usual = { # the reference, and what is also met; the second is what the scripts do that most projects share
    REFERENCE:                      lambda path: walk(path, xyz, stacked),
    PUBLISHED:                      lambda path: walk(path, xyz_and_place, both_stacked),
    'an array of all 12 columns':   lambda path: walk(path, lambda w: np.array(w, dtype=np.float32), stacked),
    'a dictionary for each joint':  lambda path: walk(path, lambda w: dict(zip(columns, map(float, w))), as_lists),
    'lists of floats, 3 columns':   lambda path: walk(path, lambda w: [float(v) for v in w[:3]], as_lists),
}

def seconds(readers, files, repeat):
    "{name: seconds for all files}, the best time for each file, in turn; the fast reader runs ten times as often"
    best = {name: np.full(len(files), np.inf) for name in readers}
    for _ in range(repeat):
        for i,file in enumerate(files):
            for name,f in readers.items():
                for _ in range(10 if f is read_skeleton_fast else 1):
                    start = time.process_time()
                    f(file)
                    best[name][i] = min(best[name][i], time.process_time()-start)
    return {name: b.sum() for name,b in best.items()}

def _work(files, duration, together, results):
    for f in files: read_skeleton_fast(f)
    together.wait()
    n, start, own = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < duration:
        for f in files: read_skeleton_fast(f)
        n += 1
    results.put((n/(time.perf_counter()-start), n/(time.process_time()-own)))

def rates(n_processes, files, duration=1.):
    "How often `n_processes` read all files in a second, together: (by the clock, by the processes' own time)"
    context = multiprocessing.get_context('spawn')
    together, results = context.Barrier(n_processes), context.Queue()
    processes = [context.Process(target=_work, args=(files, duration, together, results)) for _ in range(n_processes)]
    for p in processes: p.start()
    found = [results.get() for _ in processes]
    for p in processes: p.join()
    return np.sum(found, 0)

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--files', type=Path, help='a folder of your own .skeleton files instead')
    p.add_argument('--repeat', type=int, default=8, help='runs to take the best of')
    p.add_argument('--processes', type=int, default=2, help='processes to compare with one')
    p.add_argument('--rounds', type=int, default=3,
                   help='how often one process and several are compared, the best of each counts')
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as d:
        files = sorted(args.files.rglob('*.skeleton'))[:50] if args.files else like_ntu(Path(d))
        size = sum(f.stat().st_size for f in files)/1e6
        t = seconds({'read_skeleton_fast': read_skeleton_fast, 'read_skeleton, the plain reader': read_skeleton,
                     **usual},
                    files, args.repeat)
        ours = t.pop('read_skeleton_fast')
        print(f'{len(files)} files, {size:.1f} MB\n{"read_skeleton_fast":<44}{size/ours:6.0f} MB/s')
        for name,s in t.items():
            print(f'{name:<44}{size/s:6.0f} MB/s   read_skeleton_fast is {s/ours:.1f} times as fast')
        one, many = (np.max([rates(n, files) for _ in range(args.rounds)], 0) for n in (1, args.processes))
        print(f"{args.processes} processes read {size*many[0]:.0f} MB/s, {many[0]/one[0]:.2f} times one by the clock; "
              f"{many[1]/one[1]:.2f} times by the processes' own time")
        print(f'NTU-120, 40 GB, on 16 cores that are 16 times one: {40_000/(16*size/ours):.0f} s to parse')

if __name__ == '__main__': main()
