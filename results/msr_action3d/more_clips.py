"""Training clips of Bandai-Namco's motions beside those of MSR Action3D, for pretraining: python more_clips.py MSR_STORE bandai_namco_2.npz OUT

1,000 clips drawn at random, of each a piece of 50 to 89 frames drawn likewise, with the 20 joints of MSR's sensor and turned to face it.
They have no label, and count as those of a person 11, who is nobody else."""
import sys

import numpy as np

from skeletonmae.data.clips import Clips

store,source,out = sys.argv[1:]
msr,rng,n = Clips.open(store),np.random.default_rng(0),1000
with np.load(source, allow_pickle=False) as z: z = dict(z)

# joint of the Kinect -> that of the motion capture at the same place; it has no joint beyond the wrists
place = dict(hip_center='Hips', spine='Spine', shoulder_center='Neck', head='Head')
for side in ('left','right'):
    parts = dict(shoulder='UpperArm', elbow='LowerArm', wrist='Hand', hip='UpperLeg', knee='LowerLeg', ankle='Foot', foot='Toes')
    place |= {f'{side}_{k}': f'{v}_{side[0].upper()}' for k,v in parts.items()}
theirs,ours = z['joint_names'].tolist(),{j:i for i,j in enumerate(msr.skeleton.joints)}

def as_kinect(a):
    "(T, 21, 3) millimetres to (T, 20, 3) metres, 2.5 m before the sensor, the left shoulder on the side where it sees it"
    x = np.zeros((len(a), len(ours), 3), np.float32)
    for j,k in place.items(): x[:,ours[j]] = a[:,theirs.index(k)]/1000
    for s in ('left','right'): x[:,ours[f'{s}_hand']] = 1.3*x[:,ours[f'{s}_wrist']] - 0.3*x[:,ours[f'{s}_elbow']]
    across = (x[:,ours['left_shoulder']] - x[:,ours['right_shoulder']]).mean(0)
    t = np.arctan2(across[2], across[0]) + np.pi
    x = x @ np.array([[np.cos(t), 0, -np.sin(t)], [0, 1, 0], [np.sin(t), 0, np.cos(t)]], np.float32)
    return x - x[0,ours['hip_center']] + np.array([0, 0, 2.5], np.float32)

ends = z['lengths'].cumsum(); arrays,names = [],[]
for i in rng.permutation(len(ends))[:n]:
    a,length = z['joints_mm'][ends[i]-z['lengths'][i]:ends[i]],int(rng.integers(50, 90))
    if len(a) > length: a = a[(b := rng.integers(0, len(a)-length+1)):b+length]
    arrays.append(as_kinect(a)); names.append(str(z['name'][i]))
# 30 frames a second where MSR has 15; clips are resampled to T frames, so that it does not matter
more = Clips.from_arrays(arrays, skeleton=msr.skeleton, subjects=[11]*n, names=names, fps=msr.fps, protocols=msr.protocols)
msr.concat(more).save(out)
