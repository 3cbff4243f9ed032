#!/usr/bin/env bash
# What results/msr_action3d/metrics.json was made with: bash run.sh MSRAction3DSkeletonReal3D.zip [FOLDER] [SEEDS]
# A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 out=${2:-runs/msr} seeds=${3:-"0 1 2"}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--protocol xsub --bs 16 --lr 0.005 --schedule one_cycle --precision bf16 --threads 1)
head=(--head-norm --pool statistics)

clips msr_action3d "$zip" clips
for s in $seeds; do
    run pretrain "pre-$s"        --seed "$s" --preset small --epochs 60 --masked-only --wd 0
    run finetune "ft10-$s"       --seed "$s" --weights "$out/pre-$s" --label-fraction 0.1 --epochs 100 "${head[@]}"
    run finetune "ft100-$s"      --seed "$s" --weights "$out/pre-$s" --epochs 100 "${head[@]}"
    run finetune "scratch10-$s"  --seed "$s" --preset small --label-fraction 0.1 --epochs 160 "${head[@]}"
    run finetune "scratch100-$s" --seed "$s" --preset small --epochs 160 "${head[@]}"
done
python "$here/../collect.py" "$out" "$here/metrics.json"
