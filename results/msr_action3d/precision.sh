#!/usr/bin/env bash
# What results/msr_action3d/precision.json was made with: bash precision.sh MSRAction3DSkeletonReal3D.zip [FOLDER] [SEEDS]
# The same short runs in both precisions. A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 out=${2:-runs/msr-precision} seeds=${3:-"0 1 2"}
here=$(cd "$(dirname "$0")" && pwd)
recipe=(--protocol xsub --bs 16 --lr 0.005 --schedule one_cycle --threads 1)
head=(--head-norm --pool statistics)

run() { # COMMAND NAME options…
    local command=$1 name=$2; shift 2
    [ -f "$out/$name/metrics.json" ] || skeletonmae "$command" "$out/clips" --out "$out/$name" --overwrite "${recipe[@]}" "$@"
}
[ -f "$out/clips/meta.json" ] || skeletonmae prepare msr_action3d "$zip" --out "$out/clips"
for s in $seeds; do
    for p in bf16 fp32; do
        run pretrain "pre_$p-$s"    --seed "$s" --precision "$p" --preset small --epochs 8 --hidden-only --wd 0
        run finetune "ft100_$p-$s"  --seed "$s" --precision "$p" --weights "$out/pre_$p-$s" --epochs 25 "${head[@]}"
    done
done
python "$here/../collect.py" "$out" "$here/precision.json"
