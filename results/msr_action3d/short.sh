#!/usr/bin/env bash
# What results/msr_action3d/short_PRE_TUNE.json was made with: bash short.sh MSRAction3DSkeletonReal3D.zip [FOLDER] [SEEDS] [PRE] [TUNE]
# PRE epochs of pretraining and TUNE of fine-tuning, beside PRE+TUNE from scratch. Both sides choose among the same three rates,
# with all labels and with a tenth, on training people alone (1, 3 and 5 train, 7 and 9 are held out), by the mean of the two accuracies.
# A run that is there is not run again, so a stopped script goes on where it was.
set -euo pipefail
zip=$1 out=${2:-runs/short} seeds=${3:-"0 1 2"} n_pre=${4:-16} n_tune=${5:-30}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--protocol xsub --bs 16 --schedule one_cycle --precision bf16 --threads 1)
pre=(--preset small --decoder-depth 3 --masked-only --target motion --mask-mode tube --wd 0 --lr 0.002 --epochs "$n_pre")
head=(--head-norm --pool statistics)
tuned=("${head[@]}" --epochs "$n_tune") scratch=(--preset small "${head[@]}" --epochs $((n_pre+n_tune)))

clips msr_action3d "$zip" clips
[ -f "$out/train/meta.json" ] || python -c 'import sys; from skeletonmae.data.clips import Clips; c = Clips.open(sys.argv[1]); c[c.split("xsub").train].save(sys.argv[2])' "$out/clips" "$out/train"
searched() { store=train run "$@" --seed 0 --train-subjects 1,3,5; }
searched pretrain search-pre "${pre[@]}"
for lr in 0.002 0.005 0.0125; do
    searched finetune "search-scratch10-$lr"  --label-fraction 0.1 --lr $lr "${scratch[@]}"
    searched finetune "search-scratch100-$lr" --lr $lr "${scratch[@]}"
    searched finetune "search-ft10-$lr"  --weights "$out/search-pre" --label-fraction 0.1 --lr $lr "${tuned[@]}"
    searched finetune "search-ft100-$lr" --weights "$out/search-pre" --lr $lr "${tuned[@]}"
done
best() { python -c 'import json, sys; out,kind = sys.argv[1:]
acc = lambda n, lr: json.load(open(f"{out}/search-{kind}{n}-{lr}/metrics.json"))["accuracy"]
print(max(("0.002","0.005","0.0125"), key=lambda lr: acc(10, lr)+acc(100, lr)))' "$out" "$1"; }
rate=$(best ft) scratch_rate=$(best scratch)
echo "rates: fine-tuning $rate, scratch $scratch_rate"
for s in $seeds; do run pretrain "pre-$s" --seed "$s" "${pre[@]}"; done
for labels in 10 100; do
    fraction=$([ $labels = 10 ] && echo 0.1 || echo 1.0)
    for s in $seeds; do
        run finetune "ft$labels-$s"      --seed "$s" --weights "$out/pre-$s" --lr "$rate" --label-fraction "$fraction" "${tuned[@]}"
        run finetune "scratch$labels-$s" --seed "$s" --lr "$scratch_rate" --label-fraction "$fraction" "${scratch[@]}"
    done
done
python "$here/../collect.py" "$out" "$here/short_${n_pre}_$n_tune.json"
