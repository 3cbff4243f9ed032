"""Opens every page of _docs in a headless browser, light and dark, as a reader would: no picture is missing, every page has one, no link leads nowhere or is shown as it is written,
no console message is an error, no cell failed, every name has a docstring, equations are drawn, the search finds. Screenshots go to build/screenshots.

Needs Chromium or Chrome: apt-get install chromium."""
import argparse, re, shutil, sys
from pathlib import Path
import docs

root = Path(__file__).resolve().parents[1]
names = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome')
flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

wide_code = '''[...document.querySelectorAll('.highlight pre, pre > code')].map(e => e.closest('pre'))
    .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.split('\\n').sort((a, b) => b.length - a.length)[0].slice(0, 150))'''

def browser_path():
    "The browser that is there, or None"
    return next(filter(None, map(shutil.which, names)), None)

def listen(page, said):
    "Gather what the page's console, scripts and requests complain of"
    page.on('console', lambda m: m.type == 'error' and said.append(f'console: {m.text}'))
    page.on('pageerror', lambda e: said.append(f'script: {e}'))
    page.on('requestfailed', lambda r: said.append(f'not loaded: {r.url}'))

def look(page):
    "What is wrong with the page that is open"
    yield from (f'picture not shown: {o[:80]}' for o in page.evaluate("[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.alt || i.src)"))
    yield from (f'an output is an error: {o[:120]}' for o in page.evaluate(
        "[...document.querySelectorAll('.output_error, .jp-RenderedText[data-mime-type*=stderr], [class*=traceback]')].map(e => e.innerText)"))
    if not page.locator('main img, main svg, main canvas, main video').count(): yield 'has no figure'
    text = page.inner_text('body')
    if m := re.search(r'\S*\]\((?:https?:|\S*\.ipynb)\S*', text): yield f'a link is shown as it is written: {m[0][:120]}'
    for before in text.split('Call self as a function')[:-1]: yield f"no docstring: {before[before.rindex('def '):].split('(')[0]}"
    if 'Traceback (most recent call last)' in text: yield 'shows a traceback'
    if page.evaluate("document.querySelectorAll('math').length && [...document.querySelectorAll('math')].some(m => m.getBoundingClientRect().width == 0)"): yield 'an equation is not drawn'
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"): yield 'is wider than the window'
    yield from (f'code that has to be scrolled: {o}' for o in page.evaluate(wide_code))

def search(page):
    "Does the search find a word of the house, and say so when there is nothing?"
    page.fill('#search', 'masking')
    if not page.locator('#found a').count(): yield "the search does not find 'masking'"
    page.fill('#search', 'xyzzy-plugh')
    if 'Nothing' not in page.inner_text('#found'): yield 'the search does not say that it found nothing'
    page.fill('#search', '')

def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--docs', type=Path, default=root/'_docs', help='where the pages are (_docs)')
    p.add_argument('--shots', type=Path, default=root/'build/screenshots', help='where pictures of them go (build/screenshots)')
    a = p.parse_args()
    pages = sorted(a.docs.rglob('*.html'))
    if not pages: sys.exit(f'{a.docs} has no page: run `make docs` first.')
    chrome = browser_path()
    if chrome is None: sys.exit('No browser to open the pages with: apt-get install chromium.')
    from playwright.sync_api import sync_playwright
    shutil.rmtree(a.shots, ignore_errors=True); a.shots.mkdir(parents=True)
    problems = list(docs.broken(a.docs)) + list(docs.heavy(a.docs))
    with sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=chrome, args=flags)
        for scheme in ('light', 'dark'):
            page, said = browser.new_page(viewport=dict(width=1300, height=900), color_scheme=scheme), []
            listen(page, said)
            for f in pages:
                page.goto(f.resolve().as_uri(), wait_until='load')
                found = said + (list(look(page)) + (list(search(page)) if page.locator('#search').count() else []) if scheme == 'light' else [])
                problems += [f'{f.relative_to(a.docs)}: {o}' for o in found]
                said.clear()
                page.screenshot(path=a.shots/f"{f.relative_to(a.docs).as_posix().replace('/', '-')[:-5]}-{scheme}.png")
        browser.close()
    for o in dict.fromkeys(problems): print(o, file=sys.stderr)
    if problems: sys.exit(f'{len(set(problems))} to mend.')
    print(f'{len(pages)} pages opened, light and dark: pictures, links, equations, search and console are as they should be.')

if __name__ == '__main__': main()
