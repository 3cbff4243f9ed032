"""What SkeletonMAE is to predict where styles are unknown, on training styles alone: python styles.py BANDAI_STORE FOLDER OUT.json

Two of the four training styles train and the two others are held out: scratch, and fine-tuned from a pretraining on motion and on coordinates, with 10 % and all
of the labels, one seed, trained as `run.sh` trains. About twenty minutes of one thread; a finished run is not run again. The test styles take no part."""
import sys
from pathlib import Path

from skeletonmae.data.clips import Clips
from skeletonmae.core import read_json, write_json
from skeletonmae.compare.experiments import RECIPES
from skeletonmae.train.finetune import finetune
from skeletonmae.train.pretrain import pretrain

FOLDS = {'masculine+normal': 13, 'active+normal': 24}      # styles that train, and epochs of pretraining
store,folder,file = sys.argv[1],Path(sys.argv[2]),sys.argv[3]
small = RECIPES['small']
both = small['both'] | dict(protocol='style', threads=1, resume=True)
clips = Clips.open(store)
clips,styles = clips[clips.split('style').train],clips.info['styles']

def held_out(fold):
    "The training clips, of which those in the styles of a fold train"
    if not (path := folder/fold/'clips').exists():
        clips.protocols = {'style': dict(column='setups', train=[styles.index(s) for s in fold.split('+')])}
        clips.save(path)
    return Clips.open(path)

res = {}
for fold,epochs in FOLDS.items():
    part,runs = held_out(fold),folder/fold
    for target in ('motion','coordinates'): pretrain(part, runs/target, epochs=epochs, lr=0.002, **both | dict(wd=0.) | small['own']['skeletonmae'] | dict(target=target))
    for fraction in (0.1, 1.):
        ft = small['finetune'] | dict(epochs=5, label_fraction=fraction)
        kinds = dict(scratch=both, **{t: {k:v for k,v in both.items() if k != 'preset'} | dict(weights=runs/t) for t in ('motion','coordinates')})
        for kind,how in kinds.items():
            out = runs/f'{kind}-{fraction:.0%}'
            finetune(part, out, **how | ft)
            res.setdefault(fold, {}).setdefault(kind, {})[f'{fraction:.0%}'] = {k: read_json(out/'metrics.json')[k] for k in ('accuracy','n_labelled','n_valid','epochs')}
            code = read_json(out/'config.json')['machine']
write_json(file, dict(command='python results/compared/styles.py BANDAI_STORE FOLDER OUT.json', seed=0, pretrained_epochs=FOLDS, machine=code, accuracy=res))
