#!/usr/bin/env bash
# What results/msr_action3d/precision.json was made with: bash precision.sh MSRAction3DSkeletonReal3D.zip [FOLDER] [SEEDS]
# The same short runs in both precisions. A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 out=${2:-runs/msr-precision} seeds=${3:-"0 1 2"}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--protocol xsub --bs 16 --lr 0.005 --schedule one_cycle --threads 1)
head=(--head-norm --pool statistics)

clips msr_action3d "$zip" clips
for s in $seeds; do
    for p in bf16 fp32; do
        run pretrain "pre_$p-$s"    --seed "$s" --precision "$p" --preset small --epochs 8 --masked-only --wd 0
        run finetune "ft100_$p-$s"  --seed "$s" --precision "$p" --weights "$out/pre_$p-$s" --epochs 25 "${head[@]}"
    done
done
python "$here/../collect.py" "$out" "$here/precision.json"
