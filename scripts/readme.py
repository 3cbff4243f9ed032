"""README.md says what nbs/index.ipynb says: this writes it, and with `--check` only compares.

(`nbdev_readme` needs Quarto, which a fresh machine does not have.)"""
import argparse, json, posixpath, re, sys
from pathlib import Path

root = Path(__file__).resolve().parents[1]
index, readme = root/'nbs/index.ipynb', root/'README.md'

def relink(md, folder):
    "Markdown whose relative links, written for a file in `folder`, work from the top of the project; fenced code is left alone"
    def target(m):
        pre, url, post = m.groups()
        return m[0] if re.match(r'[a-z]+:|[#/]', url) else pre + posixpath.normpath(f'{folder}/{url}') + post
    parts = re.split(r'(^```.*?^```$)', md, flags=re.M|re.S)
    parts[::2] = [re.sub(r'(\]\(|\b(?:src|href)=")([^)"\s]+)([)"\s])', target, o) for o in parts[::2]]
    return ''.join(parts)

def directives(source):
    "The nbdev directives of a code cell, and its source without them"
    lines = source.splitlines()
    marks = [re.sub(r'^#\|\s*', '', o).strip() for o in lines if o.startswith('#|')]
    return marks, '\n'.join(o for o in lines if not o.startswith('#|')).strip()

def fence(text, lang=''): return f'```{lang}\n{text.rstrip()}\n```'

def output(out):
    "What one output of a code cell shows in Markdown"
    if out['output_type'] == 'error': sys.exit(f'{index.name}: a cell ends in {out["ename"]}.')
    if out['output_type'] == 'stream': return fence(''.join(out['text'])) if out['name'] == 'stdout' else ''
    data = out['data']
    if any(o.startswith('image/') for o in data):
        sys.exit(f'{index.name}: write the figure to nbs/images/ and show it from a Markdown cell, so that README.md can show it too.')
    if 'text/markdown' in data: return ''.join(data['text/markdown'])
    return fence(''.join(data['text/plain'])) if 'text/plain' in data else ''

def blocks(cell):
    source = ''.join(cell['source'])
    if cell['cell_type'] == 'markdown': return [source]
    if cell['cell_type'] != 'code': return []
    marks, code = directives(source)
    if 'hide' in marks: return []
    return [fence(code, 'python')]*('echo: false' not in marks) + [output(o) for o in cell['outputs']]

def render():
    cells = json.loads(index.read_text(encoding='utf-8'))['cells']
    text = '\n\n'.join(b.strip() for c in cells for b in blocks(c) if b.strip())
    return '<!-- Written from nbs/index.ipynb by scripts/readme.py: edit it there. -->\n\n' + relink(text, 'nbs') + '\n'

stale = 'README.md does not say what nbs/index.ipynb says: edit the notebook and run `make readme`.'
def is_stale(): return not readme.exists() or readme.read_text(encoding='utf-8') != render()

def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--check', action='store_true', help='write nothing; fail where README.md is not up to date')
    if not p.parse_args().check: readme.write_text(render(), encoding='utf-8')
    elif is_stale(): sys.exit(stale)

if __name__ == '__main__': main()
