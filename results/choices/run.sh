#!/usr/bin/env bash
# What results/choices/metrics.json was made with: bash run.sh MSRAction3DSkeletonReal3D.zip [FOLDER]
# Every choice once, with one seed, on training people alone: 1, 3 and 5 train, 7 and 9 are held out.
# A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 out=${2:-runs/choices}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--protocol xsub --train-subjects 1,3,5 --bs 16 --lr 0.005 --schedule one_cycle --precision bf16 --threads 1 --seed 0)
pre=(--preset small --epochs 30 --wd 0)
head=(--head-norm --pool statistics --epochs 40)

both() { # NAME options…: fine-tuned with all labels and with a tenth of them
    local name=$1; shift
    run finetune "ft10-$name" --label-fraction 0.1 "${head[@]}" "$@"
    run finetune "ft100-$name" "${head[@]}" "$@"
}
choice() { # NAME options…: pretrained in this way, then fine-tuned
    local name=$1; shift
    run pretrain "pre-$name" "${pre[@]}" "$@"
    both "$name" --weights "$out/pre-$name"
}
if [ ! -f "$out/clips/meta.json" ]; then   # the training people of the usual protocol
    clips msr_action3d "$zip" all
    python -c 'import sys; from skeletonmae.data.clips import Clips; c = Clips.open(sys.argv[1]); c[c.split("xsub").train].save(sys.argv[2])' "$out/all" "$out/clips"
fi
# Pretraining
choice hidden --masked-only            # what the others are compared with
choice all
choice motion-target --masked-only --target motion
choice motion-normal --masked-only --target motion --target-segment 4
choice motion-mask   --masked-only --mask-mode motion
choice parts         --masked-only --mask-mode parts
choice tube          --masked-only --mask-mode tube
choice ratios        --masked-only --frame-ratios 0.4,0.5,0.6 --joint-ratios 0.4,0.5,0.6
both scratch --preset small
# Fine-tuning, all from the first of these
tune() { local name=$1; shift; both "$name" --weights "$out/pre-hidden" "$@"; }
tune layer-decay --layer-decay 0.75
tune unfreeze    --unfreeze-every 4
tune drop-path   --drop-path 0.1
tune mixup       --mixup 0.2
tune balanced    --class-weights balanced
tune ema         --ema 0.99
tune clip        --grad-clip 1
tune accumulate  --accumulate 2
tune patience    --patience 8
python "$here/../collect.py" "$out" "$here/metrics.json"
