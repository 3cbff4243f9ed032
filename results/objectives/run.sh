#!/usr/bin/env bash
# What each pretraining recipe of tokens is worth: bash run.sh MSR UTD [FOLDER] [options of measure.py]
# MSR and UTD are what their owners distribute of MSR Action3D and UTD-MHAD. A run that is there goes on where it was stopped.
set -euo pipefail
msr=$1 utd=$2 out=${3:-runs/objectives}
. "$(dirname "$0")/../common.sh"
mkdir -p "$out"
clips msr "$msr" msr
clips utd "$utd" utd
python results/objectives/measure.py "$out/msr:xsub" "$out/utd:xsub" --runs "$out" --out results/objectives/table.json "${@:4}"
