"""Gather what runs were and what they gave in one JSON file: python results/collect.py RUNS_FOLDER OUT.json"""
import sys
from pathlib import Path

from skeletonmae.core import read_json, write_json

def run_entry(run):
    "Settings and metrics of a run, without what only says where files were"
    config = {k: v for k,v in read_json(run/'config.json').items() if k not in ('skeleton','labelled','classes','clips','weights')}
    return dict(config=config, metrics=read_json(run/'metrics.json'))

folder,out = map(Path, sys.argv[1:])
write_json(out, {m.parent.name: run_entry(m.parent) for m in sorted(folder.glob('*/metrics.json'))})
