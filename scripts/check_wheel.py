"""Builds sdist and wheel from a copy of the tree, and runs the installed wheel where the checkout is out of sight.

Uses the environment it runs in, so nothing is downloaded; the packages are left in dist/."""
import os, shutil, subprocess, sys, tempfile
from pathlib import Path
from zipfile import ZipFile
from check import project_files, root

def run(*cmd, **kwargs):
    done = subprocess.run([str(o) for o in cmd], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, **kwargs)
    if done.returncode: sys.exit(f'{done.stdout}\nfailed: {" ".join(map(str, cmd))}')
    return done.stdout

def build(tmp):
    "The wheel, built from the sdist, which is built from a copy: what earlier builds left in the tree cannot slip in"
    copy = tmp/'copy'
    for p in project_files():
        (copy/p.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(p, copy/p.relative_to(root))
    shutil.rmtree(root/'dist', ignore_errors=True)
    run(sys.executable, '-m', 'build', '--no-isolation', '--outdir', root/'dist', copy)
    return next((root/'dist').glob('*.whl'))

def main():
    with tempfile.TemporaryDirectory() as d:
        tmp = Path(d)
        wheel, target, empty = build(tmp), tmp/'site', tmp/'empty'
        empty.mkdir()
        held, want = (set(ZipFile(wheel).namelist()), {str(p.relative_to(root)) for p in project_files() if p.suffix == '.py' and p.relative_to(root).parts[0] == 'skeletonmae'})
        if held_py := want ^ {o for o in held if o.endswith('.py')}: sys.exit(f'{wheel.name}: modules missing or too many: {sorted(held_py)}')
        data = {str(p.relative_to(root)) for p in project_files() if p.relative_to(root).parts[:2] == ('skeletonmae', 'weights')}
        if lost := data - held: sys.exit(f'{wheel.name}: weights are missing: {sorted(lost)}')
        run(sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps', '--no-index', '--target', target, wheel)
        env = {**os.environ, 'PYTHONPATH': str(target), 'PYTHONSAFEPATH': '1'}
        where = run(sys.executable, '-c', 'import skeletonmae; print(skeletonmae.__file__)', cwd=empty, env=env).strip()
        if Path(where).parent != target/'skeletonmae': sys.exit(f'the wheel was not what was imported, but {where}')
        run(target/'bin'/'skeletonmae', '--help', cwd=empty, env=env)
        run(sys.executable, '-m', 'skeletonmae', '--help', cwd=empty, env=env)
        listed = run(target/'bin'/'skeletonmae', 'models', cwd=empty, env=env)
        if unlisted := [o for o in {Path(p).parts[2] for p in data} if o not in listed]: sys.exit(f'{wheel.name}: models does not list {unlisted}')
        print(f'{wheel.name}: builds, installs and runs outside the checkout.')

if __name__ == '__main__': main()
