"""What preparing NTU takes: memory for many files against few, and MB/s from text to a store with 0, 1 and 2 workers:
python benchmarks/prepare.py [--many 20000] [--few 2000] [--only memory|speed]

It writes its own files. For memory these are short ones, many names for a few contents; for speed, ones of the usual
size, of 100 frames. Each measurement is a process of its own. Memory is the peak of what is resident (VmHWM), of the
process that writes and of the largest worker. Seconds are wall-clock, the best of several runs that take turns; the
processors' own time is beside them, as it does not depend on what else the machine does."""
import argparse, itertools, json, multiprocessing, os, resource, shutil, subprocess, sys, tempfile, threading, time
from pathlib import Path
import numpy as np

ROOT = Path(__file__).resolve().parent.parent

def text(n_frames, seed):
    "A `.skeleton` file as NTU writes them: 7 digits, 12 columns, Windows line ends"
    rng, scale = np.random.default_rng(seed), [.5, .5, 3, 200, 200, 1000, 500, .5, .5, .5, .5]
    lines = [f'{n_frames}']
    for _ in range(n_frames):
        lines += ['1', f'{72057594037931101+seed} 0 1 1 1 1 0 0.02764709 0.05745083 2', '25']
        lines += [' '.join('%.7g' % v for v in rng.normal(size=11)*scale) + ' 2' for _ in range(25)]
    return '\r\n'.join([*lines, '']).encode()

def write_files(folder, n, n_frames, contents=20):
    "`n` names of samples for `contents` different files, and the bytes they hold together"
    (folder/'set').mkdir(parents=True)
    for i in range(contents): (folder/f'{i}').write_bytes(text(n_frames, i))
    names = itertools.product(range(1,18), range(1,4), range(1,41), range(1,3), range(1,61))
    for i,(s,c,p,r,a) in zip(range(n), names):
        os.link(folder/f'{i%contents}', folder/f'set/S{s:03d}C{c:03d}P{p:03d}R{r:03d}A{a:03d}.skeleton')
    return sum(os.stat(folder/f'{i%contents}').st_size for i in range(n))

def peak(pid):
    "The most memory a process had resident so far, MB; 0 where it has ended"
    try: return next(int(l.split()[1])/1024 for l in open(f'/proc/{pid}/status') if l.startswith('VmHWM'))
    except (OSError, StopIteration): return 0

def measure(source, out, workers):
    "Prepare `source` in this process and print what it took"
    from skeletonmae.data.ntu_cleaning import ntu_clips
    largest, end = [0], threading.Event()
    def watch():
        while not end.wait(.1):
            largest[0] = max([largest[0], *(peak(p.pid) for p in multiprocessing.active_children())])
    threading.Thread(target=watch, daemon=True).start()
    start, own = time.perf_counter(), time.process_time()
    clips, _ = ntu_clips(source, out, workers=workers, progress=False)
    wall, own = time.perf_counter()-start, time.process_time()-own
    end.set()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(dict(clips=len(clips), wall=wall, writer=own, workers=children.ru_utime+children.ru_stime,
                          peak=peak(os.getpid()), peak_worker=largest[0])))

def run(folder, workers):
    "`measure` in a process of its own"
    out = folder/f'out{workers}'
    shutil.rmtree(out, ignore_errors=True)
    env = dict(os.environ, PYTHONPATH=str(ROOT), OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')
    res = subprocess.run([sys.executable, __file__, '--measure', folder/'set', out, str(workers)], env=env,
                         capture_output=True, text=True)
    if res.returncode: sys.exit(res.stderr)
    return json.loads(res.stdout)

def memory(tmp, few, many, n_frames):
    rows = {}
    for n in (few, many):
        write_files(tmp/f'{n}', n, n_frames)
        for workers in (0, 2): rows[n,workers] = run(tmp/f'{n}', workers)
        shutil.rmtree(tmp/f'{n}')
    for workers in (0, 2):
        a,b = rows[few,workers],rows[many,workers]
        print(f"{workers} workers: {few:,} files {a['peak']:.0f} MB, {many:,} files {b['peak']:.0f} MB, "
              f"{b['peak']/a['peak']:.2f} times as much"
              + (f"; largest worker {a['peak_worker']:.0f} and {b['peak_worker']:.0f} MB, "
                 f"{b['peak_worker']/a['peak_worker']:.2f} times" if workers else '')
              + f"  ({b['clips']:,} clips, {b['wall']:.0f} s)", flush=True)

def speed(tmp, n, n_frames, repeat):
    mb = write_files(tmp/'speed', n, n_frames)/1e6
    runs = [{w: run(tmp/'speed', w) for w in (0, 1, 2)} for _ in range(repeat)]
    best = {w: min((r[w] for r in runs), key=lambda r: r['wall']) for w in (0, 1, 2)}
    for w,r in best.items():
        print(f"{w} workers: {mb:.0f} MB in {r['wall']:.1f} s, {mb/r['wall']:.0f} MB/s; processor time "
              f"{r['writer']:.1f} s of the writer, {r['workers']:.1f} s of the workers")
    one,two = best[1],best[2]
    print(f"two workers are {one['wall']/two['wall']:.2f} times as fast as one, starting them included")
    print(f"40 GB of NTU-120 with 16 cores: {40e3/mb*max(two['writer'], two['workers']/15)/60:.1f} minutes of the "
          "slower side, by processor time")

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--many', type=int, default=20_000, help='files, against')
    p.add_argument('--few', type=int, default=2_000, help='files')
    p.add_argument('--short', type=int, default=4, help='frames of each of these')
    p.add_argument('--files', type=int, default=300, help='files for speed')
    p.add_argument('--frames', type=int, default=100, help='frames of each of these')
    p.add_argument('--repeat', type=int, default=3, help='runs to take the best of')
    p.add_argument('--only', choices=['memory','speed'], help='measure only this')
    p.add_argument('--measure', nargs=3, help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.measure: return measure(args.measure[0], args.measure[1], int(args.measure[2]))
    with tempfile.TemporaryDirectory() as tmp:
        if args.only != 'speed': memory(Path(tmp), args.few, args.many, args.short)
        if args.only != 'memory': speed(Path(tmp), args.files, args.frames, args.repeat)

if __name__ == '__main__': main()
