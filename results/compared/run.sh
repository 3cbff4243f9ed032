#!/usr/bin/env bash
# Scratch, CrosSCLR, AimCLR and SkeletonMAE with 5 %, 10 % and 100 % of the labels on two datasets, three seeds; and Table 1:
#   bash run.sh MSRAction3DSkeletonReal3D.zip bandai_namco_2.npz [FOLDER]
# One thread. What is finished is not run again, so a stopped script goes on where it was.
set -euo pipefail
msr=$1 bandai=$2 out=${3:-runs/compared}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../common.sh"
recipe=(--recipe small --threads 1)

clips msr_action3d "$msr" msr_action3d
[ -f "$out/bandai_namco/meta.json" ] || python "$here/bandai_namco.py" "$bandai" "$out/bandai_namco"

# The same search for every method, on training people of MSR Action3D alone
skeletonmae reproduce search --clips "$out/msr_action3d" --protocol xsub --out "$out/grid" "${recipe[@]}" --minutes 3 --epochs 30
cp "$out/grid/search.json" "$here/search.json"

# Every pretraining of a dataset has the same minutes, or half of them where the search found that
msr() { skeletonmae reproduce compare --clips "$out/msr_action3d" --protocol xsub --out "$out/grid/$2" --found "$1" --seeds 3 "${recipe[@]}" --minutes 3 --epochs 30; cp "$out/grid/$2/compare.json" "$here/$3.json"; }
msr "$here/search.json" msr msr_action3d_one_rate

# Every pretrained encoder was fine-tuned at the rate for scratch: once that was known, a second search, of this rate, again the same for every method
skeletonmae reproduce search --clips "$out/msr_action3d" --protocol xsub --out "$out/grid/tuned" --found "$here/search.json" "${recipe[@]}" --minutes 3 --epochs 30
cp "$out/grid/tuned/search.json" "$here/search_tuned.json"
msr "$here/search_tuned.json" msr_tuned msr_action3d

# What SkeletonMAE predicts where styles are unknown: chosen on training styles alone, once the comparison with motion was known
python "$here/styles.py" "$out/bandai_namco" "$out/styles" "$here/styles.json"
bandai() { skeletonmae reproduce compare --clips "$out/bandai_namco" --protocol style --out "$out/grid/bandai" --found "$here/search.json" --seeds 3 "${recipe[@]}" --minutes 10 --epochs 5 --target "$1"; cp "$out/grid/bandai/compare.json" "$here/$2.json"; }
bandai motion bandai_namco_motion
bandai coordinates bandai_namco
python "$here/confusions.py" "$out/grid/bandai/compare.json" "$out/bandai_namco" style "$here/bandai_confusions.json"

# Table 1 with one seed and all labels: ten epochs of pretraining and twenty of fine-tuning for each mask
skeletonmae reproduce table1 --clips "$out/msr_action3d" --protocol xsub --out "$out/grid/table1" --seeds 1 "${recipe[@]}" --pre-epochs 10 --epochs 20
cp "$out/grid/table1/table1.json" "$here/table1.json"
