"""Builds the docs into _docs: with Quarto where it is installed, and without it as plain pages with the same names and order.

(`nbdev_docs` without Quarto would try to install it.)"""
import ast, contextlib, io, json, os, re, shutil, sys
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

root = Path(__file__).resolve().parents[1]
page = '''<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="{up}page.css"><link rel="stylesheet" href="{up}styles.css"></head>
<body><nav><input type="search" id="search" placeholder="Search" aria-label="Search these pages" autocomplete="off"><div id="found" role="status"></div>{nav}</nav>
<main><h1>{heading}</h1><div class="lead">{lead}</div>
{body}
</main><script>const up = "{up}"</script><script defer src="{up}search.js"></script></body></html>
'''
css = ''':root { --ink: #212529; --soft: #495057; --line: #dee2e6; --paper: #fff; --block: #f6f8fa; --link: #0b5d8f; --here: #e7f0f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #dee2e6; --soft: #adb5bd; --line: #495057; --paper: #1b1e21; --block: #262a2e; --link: #7cc4ee; --here: #24405233; } }
body { display: flex; gap: 2rem; margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.6 system-ui, sans-serif; }
nav { flex: 0 0 14rem; position: sticky; top: 0; height: 100vh; overflow: auto; box-sizing: border-box; padding: 1.5rem 0 1.5rem 1.5rem; }
nav a { display: block; padding: .15rem .5rem; color: inherit; text-decoration: none; border-radius: .25rem; }
nav a:hover, nav a.here { background: var(--here); }
nav a.part { padding-left: 1.4rem; font-size: .85rem; color: var(--soft); }
nav p { margin: 1rem 0 .25rem .5rem; font-weight: 600; }
#search { width: 100%; box-sizing: border-box; margin-bottom: .75rem; padding: .35rem .5rem; font: inherit; color: inherit; background: var(--block); border: 1px solid var(--line); border-radius: .25rem; }
#found:not(:empty) { margin-bottom: 1rem; padding-bottom: .5rem; border-bottom: 1px solid var(--line); } #found small { display: block; color: var(--soft); }
main { flex: 1; min-width: 0; max-width: 64rem; padding: 1.5rem 1.5rem 4rem; }
a { color: var(--link); }
.lead { font-size: 1.15rem; color: var(--soft); }
.anchor-link, .jp-InputPrompt, .jp-OutputPrompt, .prompt { display: none; }
pre { overflow-x: auto; margin: .5rem 0; font-size: .8rem; line-height: 1.45; }
.highlight { background: none; } .highlight pre { padding: .6rem .8rem; background: var(--block); border-radius: .35rem; }
code { font-size: .9em; } :not(pre) > code { padding: .1em .3em; background: var(--block); border-radius: .2rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .95rem; display: block; overflow-x: auto; width: fit-content; max-width: 100%; border: 0; } td, th { border: 0; border-bottom: 1px solid var(--line); text-align: left; }
blockquote { margin: 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--soft); } hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0 1rem; }
hr + p:has(> a:only-child) { float: right; margin: 0; font-size: .85rem; } .rendered_html img, .output_png img { max-width: 100%; }
math[display=block] { margin: 1rem 0; font-size: 1.1em; }
@media (max-width: 48rem) { body { display: block; } nav { position: static; height: auto; max-height: 30vh; padding-right: 1.5rem; border-bottom: 1px solid var(--line); } }
'''
search = '''const nav = document.querySelector('nav'), here = document.querySelector('nav .here')
if (here) nav.scrollTop = here.offsetTop - nav.clientHeight/3
const box = document.getElementById('search'), found = document.getElementById('found')
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean)
  found.replaceChildren()
  if (!words.length) return
  const rank = o => words.every(w => o.title.toLowerCase().includes(w)) ? (o.title == o.page ? 0 : .5) : words.every(w => (o.title + ' ' + o.text).toLowerCase().includes(w)) ? 1 : 2
  const hits = index.map(o => [rank(o), o]).filter(([r]) => r < 2).sort((a, b) => a[0] - b[0]).slice(0, 12)
  for (const [, o] of hits) {
    const a = document.createElement('a'), page = document.createElement('small')
    a.href = up + o.url; a.textContent = o.title; page.textContent = o.page; a.append(page); found.append(a)
  }
  if (!hits.length) found.textContent = 'Nothing found.'
})
'''

def process():
    "Notebooks with hidden cells gone and signatures written out, in a new _proc, and the sidebar's entries"
    import yaml
    from nbdev.quarto import nbdev_sidebar, refresh_quarto_yml
    from nbdev.serve import proc_nbs
    refresh_quarto_yml()
    nbdev_sidebar.__wrapped__()
    shutil.rmtree(root/'_proc', ignore_errors=True)
    os.environ['PYTHONWARNINGS'] = 'ignore::UserWarning'  # of cells that import and do more: scripts/check.py finds those that matter
    cache = proc_nbs(n_workers=min(os.cpu_count() or 1, 4))
    return cache, arranged(yaml.safe_load((root/'nbs/sidebar.yml').read_text())['website']['sidebar']['contents'])

def read(path):
    "A processed notebook without its front matter, and the front matter"
    import nbformat, yaml
    nb = nbformat.read(path, as_version=4)
    front = [c for c in nb.cells if c.cell_type == 'raw' and c.source.startswith('---')]
    meta = {k: v for c in front for k, v in yaml.safe_load(c.source.strip().strip('-')).items()}
    nb.cells = [c for c in nb.cells if c.cell_type != 'raw']
    for c in nb.cells:
        for o in c.get('outputs', []):
            if 'text/markdown' in o.get('data', {}): o.data['text/markdown'] = plain(class_lines(o.data['text/markdown']))
        if c.cell_type == 'markdown': c.source = mathml(plain(c.source))
        else: tidy(c)
    return nb, meta

def class_lines(md):
    "Signatures with the first lines of the class and its fields, where nbdev has no more than `*args, **kwargs`"
    def written(m):
        source = (root/m['path']).read_text(encoding='utf-8'); lines = source.splitlines()
        of = next((o for o in ast.walk(ast.parse(source)) if isinstance(o, ast.ClassDef) and o.name == m['name']), None)
        return m[0] if of is None else m['head'] + '\n'.join([lines[of.lineno-1], *(l for o in of.body if isinstance(o, ast.AnnAssign) for l in lines[o.lineno-1:o.end_lineno])])
    return re.sub(r'(?P<head>\[source\]\(\S+/blob/\w+/(?P<path>\S+?)#L\d+\).*?```python\n)def (?P<name>\w+)\(\n    \*args, \*\*kwargs\n\):(?=\n```)', written, md, flags=re.S)

def plain(md):
    "Markdown without what only Quarto reads, attributes in braces after a link or heading and the fences of divs; in code without links, which nobody could follow, and without the name of the module that runs"
    md = re.sub(r'^```.*?^```', lambda m: re.sub(r'\[(`[^`]+`)\]\([^)\s]*\)', r'\1', m[0]).replace('__main__.', ''), md, flags=re.M | re.S)
    md = re.sub(r'^:::.*$', '', md, flags=re.M)
    return re.sub(r'(\]\([^)\s]*\)|^#+ [^{\n]*)[ ]?\{[^}\n]*\}', r'\1', md, flags=re.M)

def mathml(md):
    "Markdown with its equations as MathML, which browsers draw by themselves; code is left alone"
    from latex2mathml.converter import convert
    def math(m):
        if m['code']: return m['code']
        return convert(m['block'], display='block') if m['block'] else convert(m['inline'])
    return re.sub(r'(?P<code>^```.*?^```|`[^`\n]+`)|\$\$(?P<block>.+?)\$\$|\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$', math, md, flags=re.M | re.S)

def tidy(cell):
    "Drop the directives of a code cell after doing what they say"
    marks = {m.replace(' ', '') for m in re.findall(r'^#\|(.*)$', cell.source, flags=re.M)}
    cell.source = re.sub(r'^#\|.*\n?', '', cell.source, flags=re.M)
    cell.outputs = [o for o in cell.outputs if not (o.output_type == 'stream' and o.name == 'stderr')]
    cell.metadata['transient'] = {'remove_source': 'echo:false' in marks or not cell.source.strip()}

def bare_anchor(o): return re.sub(r'[^\w#.-]', '', o.lower()) # as Quarto names places

def relink(html, here, pages, site):
    "Links between notebooks, and to the published site, made links between the pages of this build"
    def target(m):
        url, anchor = m[2], bare_anchor(m[3] or '')
        if url.startswith(site): new = url[len(site):] or 'index.html'
        else: new = pages.get(normpath(join(dirname(here), url)))
        return f'{m[1]}{relpath(new, dirname(here) or ".")}{anchor}"' if new else m[0]
    html = re.sub(r'(\bhref=")([^"#]+)(#[^"]*)?"', target, html)
    return re.sub(r'(<h\d id=|<a class="anchor-link" href=)"([^"]*)"', lambda m: f'{m[1]}"{bare_anchor(m[2])}"', html)

def parts(html):
    "`(level, anchor, title, text)` of each heading of a page and what stands below it"
    pieces = re.split(r'<h([23]) id="([^"]*)"[^>]*>(.*?)</h[23]>', re.sub(r'<(style|script|svg|math)\b.*?</\1>', ' ', html, flags=re.S), flags=re.S)
    bare = lambda s: ' '.join(unescape(re.sub(r'<[^>]+>', ' ', s)).split())
    yield 1, '', '', bare(pieces[0])
    for level, anchor, title, text in zip(*[iter(pieces[1:])]*4): yield int(level), anchor, bare(re.sub(r'<a class="anchor-link".*?</a>', '', title)), bare(text)

first_read = 'quickstart own_skeletons masks few_labels ntu ntu_tables many_gpus msr_action3d choices compared'.split()  # tutorials, in the order of a reader
house = dict(data='Data', model='Model', train='Training', analyse='Analysis', compare='Comparison', app='Applications')  # from the bottom to the top

def arranged(entries):
    "The front page, the tutorials, the packages of the library from the bottom to the top, and the rest; each section with its opening page first"
    tops = {e['section']: e for e in entries if not isinstance(e, str)}
    place = lambda o: (*(i for i,k in enumerate(first_read) if Path(o).stem == k), len(first_read))[0]
    opening = lambda o: (Path(o).stem != 'index', o)
    tutorials = dict(section='Tutorials', contents=sorted(tops.pop('tutorials')['contents'], key=place))
    front,*loose = [e for e in entries if isinstance(e, str)]
    packages = [dict(section=title, contents=sorted(tops.pop(k)['contents'], key=opening)) for k,title in house.items()]
    return [front, tutorials, dict(section='Library', contents=loose), *packages, *(dict(e, section=k.capitalize()) for k,e in tops.items())]

def sidebar(entries, here, pages, titles, headings):
    "Links to all pages, and below the one that is open to its parts"
    def entry(e):
        if isinstance(e, str):
            link = f'<a{" class=here"*(e == here)} href="{relpath(pages[e], dirname(here) or ".")}">{escape(titles[e])}</a>'
            return link + ''.join(f'<a class=part href="#{a}">{escape(t)}</a>' for level, a, t, _ in headings if level == 2)*(e == here)
        return f'<p>{escape(e["section"])}</p>' + ''.join(map(entry, ([e['href']] if 'href' in e else []) + e['contents']))
    return ''.join(map(entry, entries))

def build(out):
    "Write the pages to `out`"
    from nbconvert import HTMLExporter
    from nbconvert.filters import markdown2html
    from nbdev.config import get_config
    from pygments.formatters import HtmlFormatter
    cfg, exporter = get_config(), HTMLExporter(template_name='basic', anchor_link_text='')
    site = f'{cfg.doc_host}{cfg.doc_baseurl}/'
    cache, entries = process()
    nbs = {p.relative_to(cache).as_posix(): read(p) for p in sorted(cache.rglob('*.ipynb'))}
    pages = {k: join(dirname(k), meta.get('output-file', Path(k).stem + '.html')) for k, (_, meta) in nbs.items()}
    titles = {k: meta.get('title', Path(k).stem) for k, (_, meta) in nbs.items()}
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(cache, out, ignore=shutil.ignore_patterns('*.ipynb', '*.yml', '_*', '.*'))
    light, dark = (HtmlFormatter(style=o).get_style_defs('.highlight') for o in ('friendly', 'github-dark'))
    (out/'page.css').write_text(f'{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n{css}', encoding='utf-8')
    index = []
    for k, (nb, meta) in nbs.items():
        with contextlib.redirect_stderr(io.StringIO()): body, _ = exporter.from_notebook_node(nb)
        title = titles[k] if k == cfg.readme_nb else f'{titles[k]} – {cfg.title}'
        body = relink(body, k, pages, site)
        found = list(parts(body))
        index += [dict(url=pages[k] + f'#{anchor}'*bool(anchor), title=text or titles[k], page=titles[k], text=said[:1500]) for _, anchor, text, said in found]
        html = page.format(title=escape(title), heading=escape(titles[k]), lead=relink(markdown2html(mathml(meta.get('description', ''))), k, pages, site), body=body,
                           up='../'*k.count('/'), nav=sidebar(entries, k, pages, titles, found))
        (out/pages[k]).parent.mkdir(parents=True, exist_ok=True)
        (out/pages[k]).write_text(html, encoding='utf-8')
    (out/'search.js').write_text(f'const index = {json.dumps(index, ensure_ascii=False)}\n{search}', encoding='utf-8')
    return len(pages)

def unlink(out):
    "Take away the links that nbdev makes of names in backticks where no page shows the name, as those of `#| exporti`"
    ids = {p.relative_to(out).as_posix(): Links(p.read_text(encoding='utf-8')).ids for p in out.rglob('*.html')}
    for p in out.rglob('*.html'):
        here, text = p.relative_to(out).as_posix(), p.read_text(encoding='utf-8')
        def keep(m):
            to = normpath(join(dirname(here), m[1])) if m[1] else here
            return m[0] if m[2] in ids.get(to, {m[2]}) else m[3]
        new = re.sub(r'<a href="([^"#:]*)#([^"]+)">(<code>[^<]*</code>)</a>', keep, text)
        if new != text: p.write_text(new, encoding='utf-8')

class Links(HTMLParser):
    "The places a page names and the places it leads to"
    def __init__(self, text): super().__init__(); self.ids, self.links = set(), set(); self.feed(text)
    def handle_starttag(self, tag, attrs):
        for k, v in attrs:
            if k in ('id', 'name'): self.ids.add(v)
            elif k in ('href', 'src') and v and not re.match(r'[a-z]+:|//', v): self.links.add(v)

def broken(out):
    "Each link of a page in `out` that leads nowhere"
    seen = {p.relative_to(out).as_posix(): Links(p.read_text(encoding='utf-8')) for p in sorted(out.rglob('*.html'))}
    for p, found in seen.items():
        for link in sorted(found.links):
            url, _, anchor = link.partition('#')
            to = normpath(join(dirname(p), url)) if url else p
            if not (out/to).exists() or (anchor and to in seen and anchor not in seen[to].ids): yield f'{p}: {link} leads nowhere.'

def heavy(out, mb=3):
    "Each page in `out` that is too much to load"
    for p in sorted(out.rglob('*.html')):
        if (size := p.stat().st_size/2**20) > mb: yield f'{p.relative_to(out)}: {size:.1f} MB, more than {mb}.'

def main():
    out, link = root/'_docs', root/'nbs/_quarto.yml'
    os.chdir(root)
    if not link.exists(): link.symlink_to('../_quarto.yml')  # or nbdev would write another
    if shutil.which('quarto'):
        from nbdev.quarto import nbdev_docs
        (root/'README.md').touch()  # `make readme` writes it, so nbdev need not
        return nbdev_docs.__wrapped__()
    n = build(out)
    unlink(out)
    problems = [*broken(out), *heavy(out)]
    for o in problems: print(o, file=sys.stderr)
    if problems: sys.exit(f'{len(problems)} to mend.')
    print(f'_docs/index.html and {n-1} other pages, plain: Quarto is not installed.')

if __name__ == '__main__': main()
