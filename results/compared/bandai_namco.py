"""The motions of the Bandai-Namco Research Motion Dataset 2 as a store of clips: python bandai_namco.py bandai_namco_2.npz OUT

10 contents are the classes; the protocol `style` trains on four styles and tests on three others."""
import sys

import numpy as np

from skeletonmae.data.clips import ClipsWriter
from skeletonmae.data.skeleton import Skeleton

source,out = sys.argv[1:]
train = ('active','feminine','masculine','normal')
with np.load(source, allow_pickle=False) as z: z = dict(z)
joints,styles = z['joint_names'].tolist(),z['style_names'].tolist()
layout = Skeleton('bandai_namco', joints, [(joints[p], joints[j]) for j,p in enumerate(z['parents']) if p >= 0])
protocols = {'style': dict(column='setups', train=[styles.index(o) for o in train])}       # a clip's style is noted as its setup
ends = z['lengths'].cumsum()
with ClipsWriter(out, layout, classes=z['label_names'].tolist(), fps=float(z['fps']), protocols=protocols, info=dict(source='Bandai-Namco 2', styles=styles)) as w:
    for end,n,label,style,name in zip(ends, z['lengths'], z['label'], z['style'], z['name']):
        w.add((z['joints_mm'][end-n:end]/1000).astype(np.float32), label=int(label), setup=int(style), name=str(name))
