#!/bin/bash
# Train on the GPUs of several nodes under SLURM, and go on where it was after a preemption or when the time is up:
#
#     sbatch scripts/slurm.sh pretrain clips/ntu60 --out runs/pre
#     sbatch --nodes 1 --gpus-per-node 8 scripts/slurm.sh finetune clips/ntu60 --weights runs/pre --out runs/ft
#
# What follows the script's name is a `skeletonmae` command; --resume is added, which begins at the beginning where there is nothing yet.
#SBATCH --job-name=skeletonmae
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=16
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@180
# One task a node: torchrun, which starts a process for each GPU. Preempted, the job is queued again by SLURM (--requeue). 180 seconds before
# its time is up this script is told so (--signal): it has the processes stop, which keeps a checkpoint, and queues the job again itself.
set -u
: "${PROCESSES:=gpu}"                                    # a node: gpu is one for each GPU, on CPUs give a number
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-4} SKELETONMAE_TIMEOUT=${SKELETONMAE_TIMEOUT:-600}

again=
trap 'again=1; scancel --signal=TERM "$SLURM_JOB_ID.0"' USR1
srun --kill-on-bad-exit=1 torchrun --nnodes "$SLURM_NNODES" --nproc_per_node "$PROCESSES" --rdzv_id "$SLURM_JOB_ID" \
     --rdzv_backend c10d --rdzv_endpoint "$first:${PORT:-29500}" -m skeletonmae "$@" --resume &
run=$!
wait $run; code=$?
if [ -n "$again" ]; then wait $run; scontrol requeue "$SLURM_JOB_ID"; exit 0; fi
exit $code
