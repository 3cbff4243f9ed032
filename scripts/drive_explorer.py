"""Starts the explorer's page on clips and a run made for it, and drives it in a headless browser: sliders move,
the picture changes, a file is uploaded, and the console has no error. A screenshot goes to
build/screenshots/explorer.png.

Needs Chromium or Chrome (apt-get install chromium) and the extra 'explore'."""
import os, socket, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

import numpy as np
from check_docs import browser_path, flags

root = Path(__file__).resolve().parents[1]

def make(d):
    "Make synthetic clips and a run of one epoch"
    from skeletonmae.data.synthetic import actions_clips
    from skeletonmae.train.pretrain import pretrain
    clips = actions_clips(d/'clips', 60, progress=False)
    pretrain(clips, d/'run', preset='tiny', epochs=1, bs=16, threads=1)
    np.save(d/'mine.npy', clips[3].frames)
    return clips

def free_port():
    with socket.socket() as s: s.bind(('127.0.0.1', 0)); return s.getsockname()[1]

def wait_for(url, process, seconds=120):
    for _ in range(seconds*2):
        if process.poll() is not None: sys.exit('The page ended before it could be opened.')
        try: return urllib.request.urlopen(url, timeout=5).status
        except OSError: time.sleep(.5)
    sys.exit(f'{url} did not answer in {seconds} s.')

def changed(page, before, what, seconds=60):
    "Wait until the picture is another one, and give it"
    start = time.time()
    while time.time()-start < seconds:
        data = page.locator('img.widget-image').evaluate("""i => { if (!i.complete || !i.naturalWidth) return null
            const c = document.createElement('canvas'); c.width = i.naturalWidth; c.height = i.naturalHeight
            c.getContext('2d').drawImage(i, 0, 0); return c.toDataURL() }""")
        if data not in (None, before): print(f'{what}: another picture'); return data
        time.sleep(.1)
    sys.exit(f'{what}: the picture did not change.')

def listen(page, errors):
    "Note the errors of the console; what Voilà's template loads from elsewhere is not ours"
    def note(m):
        url = m.location['url']
        if m.type == 'error' and '127.0.0.1' in url: errors.append(f'{m.text} {url}')
    page.on('console', note)
    page.on('pageerror', lambda e: errors.append(str(e)))

def drive(page, file):
    page.wait_for_selector('img.widget-image', timeout=120_000)
    picture = changed(page, None, 'opened')
    handles = page.locator('.noUi-handle')
    for i, name in enumerate(('frame ratio', 'joint ratio', 'frame', 'turn', 'raise')):
        handles.nth(i).focus()
        for _ in range(3): page.keyboard.press('ArrowRight')
        picture = changed(page, picture, name)
    page.locator('select').first.select_option('fixed'); picture = changed(page, picture, 'joints')
    page.locator('input[type=number]').first.fill('7'); page.keyboard.press('Enter')
    picture = changed(page, picture, 'clip')
    with page.expect_file_chooser() as chooser: page.get_by_role('button', name='a file of yours').click()
    chooser.value.set_files(file); changed(page, picture, 'a file')
    page.get_by_text('1 clip', exact=False).first.wait_for(timeout=20_000)   # that of the file alone

def main():
    chrome = browser_path()
    if chrome is None: sys.exit('No browser to open the page with: apt-get install chromium.')
    from playwright.sync_api import sync_playwright
    shots,errors = root/'build/screenshots',[]
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as d:
        d, port = Path(d), free_port()
        make(d)
        env = {**os.environ, 'OMP_NUM_THREADS': '1'}
        command = [sys.executable, '-m', 'skeletonmae', 'explore', d/'run', d/'clips', '--port', str(port)]
        with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(f'http://127.0.0.1:{port}/', server)
                with sync_playwright() as pw:
                    browser = pw.chromium.launch(executable_path=chrome, args=flags)
                    page = browser.new_page(viewport=dict(width=1300, height=700))
                    listen(page, errors)
                    page.goto(f'http://127.0.0.1:{port}/', timeout=120_000)
                    drive(page, d/'mine.npy')
                    page.screenshot(path=shots/'explorer.png')
            finally: server.terminate(); server.wait(30)
            try: urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=2)
            except OSError: pass                       # as it should be
            else: sys.exit('The page is still there when the command has ended.')
    if errors: sys.exit('The console has errors: ' + ' | '.join(dict.fromkeys(errors)))
    print('The explorer follows its sliders, and the console has no error.')

if __name__ == '__main__': main()
