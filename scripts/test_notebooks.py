"""Runs the notebooks as tests, each in a process of its own, as many at a time as there are cores.

`nbdev_test` does the same in fewer words; this one survives a notebook that takes its process down, keeps two notebooks
from fighting over the cores, and closes with one line that says how many passed."""
import argparse, os, signal, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

root = Path(__file__).resolve().parents[1]
cores = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1

def test_here(path, flags):
    "Test the notebook at `path` in this process, leaving out the cells that settings.ini says to, but for those marked with `flags`"
    from nbdev.config import get_config
    from nbdev.test import test_nb
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a job in the background starts without
    cfg = get_config()
    passed, _ = test_nb(path, skip_flags=cfg.tst_flags.split(), force_flags=flags, basepath=cfg.config_path)
    sys.exit(not passed)

def test_apart(path, flags, threads, timeout):
    "Test the notebook at `path` in a new process: did it pass, the seconds it took, and what it said"
    env = {**os.environ, 'MPLBACKEND': 'module://matplotlib_inline.backend_inline', 'PYTHONUNBUFFERED': '1'}
    for o in ('OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'OPENBLAS_NUM_THREADS'): env[o] = str(threads)
    cmd, start = [sys.executable, __file__, '--here', *(f'--flag={f}' for f in flags), str(path)], time.time()
    with tempfile.TemporaryFile() as log:  # not a pipe, which a process that the notebook left behind would keep open
        try: code = subprocess.run(cmd, cwd=root/'nbs', env=env, timeout=timeout, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode
        except subprocess.TimeoutExpired: code = None
        log.seek(0)
        said = log.read().decode(errors='replace')
    if code is None: said += f'\nStopped after {timeout} s.'
    elif code < 0: said += f'\nIts process was ended by signal {-code}.'
    return code == 0, time.time() - start, said

def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('paths', nargs='*', type=Path, help='notebooks (all)')
    p.add_argument('--flag', action='append', default=[], help="also run the cells marked with this, for example 'slow'")
    p.add_argument('--workers', type=int, default=min(cores, 8), help='notebooks at a time (%(default)s)')
    p.add_argument('--timeout', type=int, default=900, help='seconds a notebook may take (%(default)s)')
    p.add_argument('--here', action='store_true', help=argparse.SUPPRESS)
    a = p.parse_args()
    if a.here: test_here(a.paths[0], a.flag)
    found = (p for p in (root/'nbs').glob('**/*.ipynb') if not any(o[0] in '._' for o in p.relative_to(root).parts))
    paths = [p.resolve() for p in a.paths] or sorted(found)
    workers = max(1, min(a.workers, len(paths)))
    results = {}
    with ThreadPoolExecutor(workers) as pool:
        jobs = {pool.submit(test_apart, p, a.flag, max(1, cores//workers), a.timeout): p for p in paths}
        for job in as_completed(jobs):
            p = jobs[job]
            results[p] = passed, secs, said = job.result()
            print(f'{"passed" if passed else "FAILED"} {secs:6.1f} s  {p.relative_to(root)}', flush=True)
            if not passed: print(said.strip(), flush=True)
    if len(results) > 1:
        print('\nSlowest first:')
        for p, (_, secs, _) in sorted(results.items(), key=lambda o: -o[1][1]): print(f'{secs:7.1f} s  {p.relative_to(root)}{"  (aim: under 60)"*(secs > 60)}')
    failed = sorted(str(p.relative_to(root)) for p, (passed, *_) in results.items() if not passed)
    if failed: print('\nFailed:', *failed, sep='\n  ')
    print(f'notebooks: {len(results)-len(failed)} passed, {len(failed)} failed')
    sys.exit(bool(failed) or not results)

if __name__ == '__main__': main()
