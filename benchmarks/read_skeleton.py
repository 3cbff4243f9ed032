"""How fast `read_skeleton` reads NTU's text files, beside the loops that are usual: python benchmarks/read_skeleton.py [--frames 100] [--bodies 1] [--files FOLDER]

Without files of your own it writes one like the official ones: 7 digits, 12 columns, Windows line ends. Times are the process's own, on one
core, the best of several runs, from the page cache."""
import argparse, tempfile, time
from pathlib import Path
import numpy as np
from skeletonmae.ntu import read_skeleton

def like_official(path, n_frames, n_bodies):
    rng, lines = np.random.default_rng(0), [f'{n_frames}']
    scale = [.5, .5, 3, 200, 200, 1000, 500, .5, .5, .5, .5]
    for _ in range(n_frames):
        lines.append(f'{n_bodies}')
        for b in range(n_bodies):
            lines += [f'{72057594037931101+b} 0 1 1 1 1 0 0.02764709 0.05745083 2', '25']
            lines += [' '.join('%.7g' % v for v in rng.normal(size=11)*scale) + ' 2' for _ in range(25)]
    path.write_bytes('\r\n'.join([*lines, '']).encode())

def walk(path, joint):
    "The usual loop: line by line, `joint` turning a line into what is kept"
    with open(path) as f:
        lines, bodies = iter(f.readlines()), {}
        for _ in range(int(next(lines))):
            for _ in range(int(next(lines))):
                info = next(lines).split()
                bodies.setdefault(int(info[0]), []).append([joint(next(lines)) for _ in range(int(next(lines)))])
    return bodies

columns = 'x y z depth_x depth_y color_x color_y w ox oy oz tracking'.split()
usual = {
    'split, float on 12 columns':       lambda path: walk(path, lambda line: [float(v) for v in line.split()][:3]),
    'split, float on 3 columns':        lambda path: walk(path, lambda line: [float(v) for v in line.split()[:3]]),
    'a dictionary for each joint':      lambda path: walk(path, lambda line: dict(zip(columns, map(float, line.split())))),
    'an array for each joint':          lambda path: walk(path, lambda line: np.array(line.split()[:3], dtype=np.float32)),
}

def seconds(f, path, repeat):
    best = np.inf
    for _ in range(repeat):
        start = time.process_time()
        f(path)
        best = min(best, time.process_time()-start)
    return best

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--frames', type=int, default=100, help='frames of the generated file')
    p.add_argument('--bodies', type=int, default=1, help='bodies in each frame of it')
    p.add_argument('--files', type=Path, help='a folder of your own .skeleton files instead')
    p.add_argument('--repeat', type=int, default=40, help='runs to take the best of')
    args = p.parse_args()
    with tempfile.TemporaryDirectory() as d:
        files = sorted(args.files.rglob('*.skeleton'))[:50] if args.files else [Path(d)/'S001C001P001R001A001.skeleton']
        if not args.files: like_official(files[0], args.frames, args.bodies)
        size = sum(f.stat().st_size for f in files)/1e6
        ours = sum(seconds(read_skeleton, f, args.repeat) for f in files)
        print(f'{len(files)} file(s), {size:.2f} MB\n{"read_skeleton":<30}{size/ours:7.0f} MB/s')
        for name,f in usual.items():
            t = sum(seconds(f, o, max(3, args.repeat//8)) for o in files)
            print(f'{name:<30}{size/t:7.0f} MB/s   read_skeleton is {t/ours:.1f} times as fast')

if __name__ == '__main__': main()
