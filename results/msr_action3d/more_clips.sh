#!/usr/bin/env bash
# What results/msr_action3d/more_clips.json was made with: bash more_clips.sh MSRAction3DSkeletonReal3D.zip bandai_namco_2.npz [FOLDER] [SEEDS]
# Pretraining on the training clips and 1,000 unlabelled ones of another dataset, then fine-tuning as in run.sh, whose runs from scratch it is to be held against.
# A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 bandai=$2 out=${3:-runs/more} seeds=${4:-0}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--protocol xsub --bs 16 --lr 0.005 --schedule one_cycle --precision bf16 --threads 1)
head=(--head-norm --pool statistics)

clips msr_action3d "$zip" clips
[ -f "$out/more/meta.json" ]  || python "$here/more_clips.py" "$out/clips" "$bandai" "$out/more"
for s in $seeds; do
    store=more run pretrain "pre-$s"   --seed "$s" --preset small --epochs 25 --masked-only --wd 0 --target motion --train-subjects 1,3,5,7,9,11
    run finetune "ft10-$s"  --seed "$s" --weights "$out/pre-$s" --label-fraction 0.1 --epochs 100 "${head[@]}"
    run finetune "ft100-$s" --seed "$s" --weights "$out/pre-$s" --epochs 100 "${head[@]}"
done
python "$here/../collect.py" "$out" "$here/more_clips.json"
