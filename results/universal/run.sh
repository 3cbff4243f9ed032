#!/usr/bin/env bash
# How the weights universal-small are made: bash run.sh CMU UI_PRMD [FOLDER]
# CMU and UI_PRMD are what their owners distribute. A run that is there goes on where it was stopped.
# The weights in the package saw 301 recordings of CMU and all episodes of UI-PRMD, at 15 and 17 frames a second; took
# 97 minutes on one of two shared threads of an AMD EPYC with avx512_bf16.
set -euo pipefail
cmu=$1 ui_prmd=$2 out=${3:-runs/universal}
mkdir -p "$out"
for seed in 1 2; do
    [ -f "$out/improvised_$seed/meta.json" ] || python -c 'import sys
from skeletonmae.data.improvised import improvised_clips
improvised_clips(4000, 4, seed=int(sys.argv[2]), siblings=2, path=sys.argv[1])' "$out/improvised_$seed" $seed
done
[ -f "$out/cmu/meta.json" ] || skeletonmae prepare cmu "$cmu" --out "$out/cmu"
[ -f "$out/ui_prmd/meta.json" ] || skeletonmae prepare ui_prmd "$ui_prmd" --out "$out/ui_prmd"
skeletonmae pretrain "$out/improvised_1" "$out/improvised_2" "$out/cmu" "$out/ui_prmd" --store-weights 3.5,3.5,1,1.2 \
    --backbone tokens --preset small --epochs 20 --precision bf16 --threads 1 --seed 0 --out "$out/run" --resume
python scripts/pack_weights.py "$out/run" universal-small
