#!/usr/bin/env bash
# The methods on five sets of real recordings, at four numbers of labels, three seeds, with the same search for every row:
#   bash real.sh FOLDER [options of reproduce]
# FOLDER/clips/SET is the store of a set, made by skeletonmae prepare (of bandai_namco by bandai_namco.py); a set without one
# is left out. Rates are searched on people of MSR Action3D that train, and hold for all sets; SEARCH=no leaves that out.
# SETS chooses sets: SETS="nw_ucla sbu" bash real.sh FOLDER. One thread. What is finished is not run again, so a stopped
# script goes on where it was; --dry-run and --show are passed on.
set -euo pipefail
out=$1; shift
here=$(cd "$(dirname "$0")" && pwd)
found=$out/grid/search-msr_action3d.json

for set in ${SETS:-msr_action3d nw_ucla utd_mhad sbu bandai_namco}; do
    [ -f "$out/clips/$set/meta.json" ] || { echo "$out/clips/$set is no store: $set is left out." >&2; continue; }
    options=()
    if [ "${SEARCH:-yes}" = yes ]; then
        if [ "$set" = msr_action3d ]; then options=(--search); elif [ -f "$found" ]; then options=(--found "$found"); fi
    fi
    skeletonmae reproduce "$set" --clips "$out/clips/$set" --out "$out/grid" "${options[@]}" "$@"
    [ ! -f "$out/grid/$set.json" ] || cp "$out/grid/$set.json" "${COPY_TO:-$here}/real_$set.json"
done
[ ! -f "$found" ] || cp "$found" "${COPY_TO:-$here}/real_search.json"
