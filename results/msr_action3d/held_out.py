"""What pretraining is worth on training people of MSR Action3D that are held out: python held_out.py MSR_STORE FOLDER OUT.json

Five folds, each of which holds one of the five training people out, two draws of a tenth of the labels for each, thirty epochs of fine-tuning or from scratch,
one thread. About two hours; what is finished is not run again. The test people take no part."""
import sys
from pathlib import Path

from skeletonmae.data.clips import Clips
from skeletonmae.core import read_json, write_json
from skeletonmae.compare.experiments import RECIPES
from skeletonmae.train.finetune import finetune
from skeletonmae.train.pretrain import pretrain

store,folder,file = sys.argv[1],Path(sys.argv[2]),sys.argv[3]
small,people = RECIPES['small'],(1, 3, 5, 7, 9)
KINDS = {'from scratch': None,                                            # pretraining, and changes of fine-tuning
         'lr 0.002, 30 epochs': (dict(lr=0.002, epochs=30), {}), 'lr 0.005, 30 epochs': (dict(lr=0.005, epochs=30), {}), 'lr 0.002, 60 epochs': (dict(lr=0.002, epochs=60), {}),
         'lr 0.002, 30 epochs, 70 % of the joints masked': (dict(lr=0.002, epochs=30, joint_ratio=0.7), {}),
         'lr 0.002, 30 epochs; each layer at 0.75 of the rate above': (dict(lr=0.002, epochs=30), dict(layer_decay=0.75))}
clips = Clips.open(store)
if not (folder/'clips').exists(): clips[clips.split('xsub').train].save(folder/'clips')
clips = Clips.open(folder/'clips')

def once(f, out, **options):
    f(clips, out, resume=True, **options)                                 # nothing to do if it is finished
    return read_json(out/'metrics.json')

def run(kind, i, draw):
    "Accuracy on the person who is held out"
    both = small['both'] | dict(protocol='xsub', threads=1, train_subjects=[p for p in people if p != people[i]])
    ft = small['finetune'] | dict(epochs=30, label_fraction=0.1, seed=10*draw+i)
    if kind is None: return once(finetune, folder/f'scratch-{i}-{draw}', **both | ft)
    how,more = kind
    name = '-'.join(f'{k}{v:g}' for k,v in how.items())
    once(pretrain, pre := folder/f'{name}-{i}', seed=i, **both | dict(wd=0.) | small['own']['skeletonmae'] | how)
    without = {k:v for k,v in both.items() if k != 'preset'}
    return once(finetune, folder/('-'.join([name, *(f'{k}{v:g}' for k,v in more.items()), f'{i}-{draw}'])), weights=pre, **without | ft | more)

res = {name: [run(kind, i, draw)['accuracy'] for i in range(len(people)) for draw in range(2)] for name,kind in KINDS.items()}
write_json(file, dict(command='python results/msr_action3d/held_out.py MSR_STORE FOLDER OUT.json', machine=read_json(folder/'scratch-0-0/config.json')['machine'], people=people, draws=2, accuracies=res))
