"""Which classes are taken for which, and how long their clips are: python confusions.py GRID/compare.json CLIPS PROTOCOL OUT.json

Every run of the table counts, whatever its share of the labels; lengths are the medians of the training and of the test side."""
import sys
from pathlib import Path

import numpy as np

from skeletonmae.data.clips import Clips
from skeletonmae.core import read_json, write_json
from skeletonmae.train.finetune import confusion, read_scores

table,store,protocol,out = sys.argv[1:]
clips,table = Clips.open(store),Path(table)
confused = {}
for r in read_json(table)['records']:
    s = read_scores(table.parent/r['run'])
    confused[r['method']] = confused.get(r['method'], 0) + confusion(s.labels, s.prob.argmax(1), len(s.classes))
split,n,labels = clips.split(protocol),np.asarray(clips.n_frames),np.asarray(clips.labels)
seconds = {side: [float(np.median(n[i][labels[i] == c])/clips.fps) for c in range(clips.n_classes)] for side,i in dict(training=np.asarray(split.train), test=np.asarray(split.valid)).items()}
write_json(out, dict(classes=list(clips.classes), seconds=seconds, confused={m: c.tolist() for m,c in confused.items()}))
