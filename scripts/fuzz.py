"""Damaged files: each is read, or refused with an error of this library, within a second and without memory growth.

    python scripts/fuzz.py skeleton --n 20000
    python scripts/fuzz.py --vary

A format is one line of `FORMATS`: what makes a whole file, and what reads one. The mutations are the same for all. Case `i` depends on the name,
the seed and `i` alone: `--only i` runs it again, `--keep FOLDER` writes the files that were not handled. Notebooks run a few with `fuzz(name, 150)`."""
import argparse, faulthandler, gzip, random, re, signal, sys, tempfile, time, warnings
from collections import Counter
from functools import lru_cache, partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from skeletonmae.core import SkeletonMAEError

# --- What makes a whole file (from a `random.Random` to bytes), and what reads one (from a path). Imports are inside: a format needs its own only.
def make_skeleton(rng):
    import numpy as np
    from skeletonmae.data.ntu import Body, write_skeleton
    draw, n = np.random.default_rng(rng.randrange(2**32)), rng.randrange(1, 5)
    bodies = [Body(72057594037931101+i, np.arange(n), draw.normal(size=(n,25,3)).astype(np.float32)) for i in range(rng.randrange(3))]
    with tempfile.TemporaryDirectory() as d:
        write_skeleton(Path(d)/'a.skeleton', bodies, n)
        return (Path(d)/'a.skeleton').read_bytes()

def recordings():
    "A hypothesis strategy: up to four bodies that come and go, with coordinates of any size, and sometimes none"
    import numpy as np
    from hypothesis import strategies as st
    from skeletonmae.data.ntu import Body, Recording
    @st.composite
    def some(draw):
        rng, n_frames = np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.integers(0, 12))
        bodies = []
        for i in draw(st.lists(st.integers(0, 2**64-1), max_size=4, unique=True)):
            frames = np.flatnonzero(rng.random(n_frames) < draw(st.sampled_from([.1, .5, 1])))
            joints = rng.normal(size=(len(frames),25,3)) * 10.**rng.integers(-9, 3, size=(len(frames),25,3))
            joints[rng.random(joints.shape) < draw(st.sampled_from([0, .05]))] = np.nan
            if len(frames): bodies.append(Body(i, frames, joints.astype(np.float32)))
        return Recording(sorted(bodies, key=lambda b: b.frames[0]), n_frames)
    return some()

def read_skeleton(path): # by the plain reader and the fast one, which must give the same arrays or the same error
    from skeletonmae.data.ntu import read_skeleton
    from skeletonmae.data.ntu_fast import read_skeleton_fast
    def outcome(read):
        try: found = read(path)
        except SkeletonMAEError as e: return None, str(e)
        return found, (found.n_frames, [(b.tracking_id, b.frames.tolist(), b.joints.tobytes()) for b in found])
    (plain, a), (_, b) = outcome(read_skeleton), outcome(read_skeleton_fast)
    if a != b: raise AssertionError(f'the readers differ: plain {str(a)[:100]}, fast {str(b)[:100]}')
    if plain is None: raise SkeletonMAEError(a)
    return plain

def make_bvh(rng):
    kinds, n = ['Xposition Yposition Zposition Zrotation Xrotation Yrotation', 'Zrotation Xrotation Yrotation', 'Yrotation Xrotation'], rng.randrange(1, 4)
    channels = [rng.choice(kinds) for _ in range(rng.randrange(2, 8))]
    head = ''.join(f"{'JOINT' if i else 'ROOT'} j{i}\n{{\nOFFSET 0 {10*(i>0)}.0 {i}.5\nCHANNELS {len(c.split())} {c}\n" for i,c in enumerate(channels))
    rows = '\n'.join(' '.join(f'{rng.uniform(-90, 90):.4f}' for c in channels for _ in c.split()) for _ in range(n))
    return f"HIERARCHY\n{head}End Site\n{{\nOFFSET 0 5 0\n}}\n{'}'*len(channels)}\nMOTION\nFrames: {n}\nFrame Time: 0.033333\n{rows}\n".encode()

def read_bvh(path):
    from skeletonmae.data.mocap import read_bvh
    return read_bvh(path)

def make_kinect(rng): # told apart by the numbers on a line: MSR Action3D, UTKinect-Action3D, Florence 3D Actions, PKU-MMD, SBU, MSRC-12
    head, width, lines, between = rng.choice([('', 4, 20, ' '), ('190 ', 60, 3, ' '), ('7 1 2 ', 45, 3, ' '), ('', 150, 2, ' '), ('3,', 90, 3, ','), ('634525 ', 80, 3, ' ')])
    return ''.join(head + between.join(f'{rng.uniform(-1, 1) + (i == 1):.5f}' for i in range(width)) + '\n' for _ in range(lines)).encode()

def make_nw_ucla(rng):
    import json
    frames = [[[round(rng.uniform(-1, 1), 4) for _ in 'xyz'] for _ in range(20)] for _ in range(rng.randrange(1, 4))]
    return json.dumps(dict(file_name='a01_s01_e00_v01', skeletons=frames, label=rng.randrange(1, 11))).encode()

def make_mat(rng): # UTD-MHAD
    import io, numpy as np
    from scipy.io import savemat
    f, draw = io.BytesIO(), np.random.default_rng(rng.randrange(2**32))
    savemat(f, dict(d_skel=draw.normal(size=(20, 3, rng.randrange(1, 6)))), do_compression=rng.random() < .5)
    return f.getvalue()

def read_kinect(path):
    from skeletonmae.data.kinect import read_kinect
    return read_kinect(path)

def make_arrays(rng, many=False):
    import io, numpy as np
    draw, f = np.random.default_rng(rng.randrange(2**32)), io.BytesIO()
    x = draw.normal(size=(rng.randrange(1, 9), rng.randrange(1, 3), 25, 3)).astype(rng.choice(['f4', 'f8']))
    if many: np.savez(f, **rng.choice([dict(frames=x, lengths=[len(x)], labels=['wave'], subjects=[3]), dict(wave=x, clap=x[:1])]))
    else: np.save(f, x)
    return f.getvalue()

def make_table(rng):
    clips, joints, sep = rng.randrange(1, 3), 'hip head left_hand right_hand'.split(), rng.choice(',,;\t')
    rows = [(f'c{c}', rng.choice(['wave', '']) if c else 'bow', f'P{c}', t+7, p, j, *(round(rng.gauss(0, 1), 3) for _ in 'xyz'), .9)
            for c in range(clips) for t in range(rng.randrange(1, 6)) for p in range(rng.randrange(1, 3)) for j in joints if rng.random() < .95]
    return '\n'.join(sep.join(map(str, o)) for o in [('clip', 'label', 'subject', 'frame', 'person', 'joint', *'xyz', 'score'), *rows]).encode() + b'\n'

def read_numbers(path):
    from skeletonmae.data.skeleton import Skeleton
    from skeletonmae.data.tables import read_arrays, read_table
    if path.suffix != '.csv': return read_arrays(path, 'ntu')
    return read_table(path, Skeleton('four', 'hip head left_hand right_hand', 'hip-head hip-left_hand hip-right_hand'))

def make_foreign(rng, kind):
    import numpy as np
    from skeletonmae.data.clips import Clips, Split
    from skeletonmae.data.interop import EXPORTS
    draw, flat = np.random.default_rng(rng.randrange(2**32)), kind == 'pyskl' and rng.random() < .5
    size, layout = (17, 2) if flat else (25, 3), 'coco' if flat else 'ntu'
    clips = Clips.from_arrays([draw.normal(size=(rng.randrange(1, 4), rng.randrange(1, 3), *size)) for _ in range(3)], [rng.randrange(3) for _ in range(3)], layout, classes=['a', 'b', 'c'])
    more = dict(ctrgcn=dict(n_frames=4, compressed=rng.random() < .5), stgcn=dict(n_frames=4)).get(kind, {})
    with tempfile.TemporaryDirectory() as d:
        EXPORTS[kind](clips, Path(d)/'a', Split(np.array([0, 1]), np.array([2])), progress=False, **more)
        return (Path(d)/'a'/'train_data.npy' if kind == 'stgcn' else Path(d)/'a').read_bytes()

def make_labels(rng):
    import pickle
    return pickle.dumps(([f'S001C001P00{i}R001A001.skeleton' for i in range(rng.randrange(1, 5))], list(range(rng.randrange(1, 5)))), rng.randrange(6))

def read_foreign(path):
    import pickle
    from skeletonmae.data import interop
    from skeletonmae.data.clips import Clips
    if path.suffix == '.labels': return interop._stgcn_labels(path)
    labels = path.with_name('labels.pkl')
    if not labels.exists(): labels.write_bytes(pickle.dumps((['a', 'b'], [0, 1]), 4))
    readers = {'.npz': interop.read_ctrgcn, '.pkl': interop.read_pyskl, '.npy': partial(interop.read_stgcn, labels=labels)}
    found = readers[path.suffix](path)
    try: return Clips.from_arrays(**found)
    except SkeletonMAEError as e: raise type(e)(f'{path}: {e}') from None # names the file, as `read_any` does

def make_c3d(rng):
    import numpy as np
    T, M, kind = rng.randrange(2, 9), 5, rng.choice(['f', 'i'])
    def text(name, group, value): return parameter(name, group, -1, (len(value[0]), len(value)), ''.join(value).encode())
    def parameter(name, group, size, dims, data): return bytes([len(name), group]) + name + (5 + len(dims) + len(data)).to_bytes(2, 'little') + bytes([size & 255, len(dims), *dims]) + data + b'\0'
    scale = -1. if kind == 'f' else .1
    body = b'\5\xffPOINT\3\0\0' + b'\5\xfeTRIAL\3\0\0' + text(b'LABELS', 1, ['hip ', 'neck', 'head', 'hanL', 'hanR']) + text(b'UNITS', 1, ['mm'])
    body += text(b'Y_SCREEN', 1, [rng.choice(['+Z', '+Y'])]) + parameter(b'RATE', 1, 4, (), np.float32(120).tobytes()) + parameter(b'SCALE', 1, 4, (), np.float32(scale).tobytes())
    body += parameter(b'FRAMES', 1, 2, (), T.to_bytes(2, 'little')) + parameter(b'ACTUAL_START_FIELD', 2, 2, (2,), b'\1\0\0\0')
    body = b'\1\x50\2\x54' + body + b'\0\0'
    blocks = -(-len(body)//512)
    head = np.zeros(256, '<u2')
    head[:6], head[8], head[9] = (2 + (80 << 8), M, 0, 1, T, 0), 2 + blocks, 0
    head[6:8], head[10:12] = np.float32([scale]).view('<u2'), np.float32([120]).view('<u2')
    x = np.random.default_rng(rng.randrange(2**32)).normal(size=(T,M,4))*[50,50,50,0] + [[[0,0,o,0] for o in (900,1400,1700,1000,1000)]]
    return head.tobytes() + body.ljust(512*blocks, b'\0') + (x.astype('<f4') if kind == 'f' else (x*10).astype('<i2')).tobytes()

def make_trc(rng):
    rows = ''.join('\t'.join([str(t+1), f'{t/60:.3f}', *(f'{v + rng.gauss(0, 30):.2f}' for v in (0, 900, 0, 0, 1400, 0, 0, 1700, 0, 300, 1000, 0, -300, 1000, 0))]) + '\n' for t in range(rng.randrange(2, 6)))
    return ('PathFileType\t4\t(X/Y/Z)\ta.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\n60\t60\t2\t5\tmm\nFrame#\tTime\t' + '\t\t\t'.join('hip neck head hanL hanR'.split()) + '\n\t\tX1\n\n' + rows).encode()

def read_markers(path):
    from skeletonmae.data.mocap import read_c3d
    return read_c3d(path, 'pelvis=hip,neck,head,left_hand=hanL,right_hand=hanR', bones='pelvis-neck-head neck-left_hand neck-right_hand')

ASF = b':units\n length 0.45\n angle deg\n:root\n order TX TY TZ RX RY RZ\n axis XYZ\n position 0 0 0\n orientation 0 0 0\n:bonedata\n' + b''.join(
    b' begin\n id 1\n name %s\n direction %s\n length %d\n axis 0 0 20 XYZ\n dof rx ry rz\n end\n' % o for o in [(b'lfemur', b'.2 -1 0', 7), (b'ltibia', b'0 -1 0', 7), (b'rfemur', b'-.2 -1 0', 7), (b'rtibia', b'0 -1 0', 7), (b'thorax', b'0 1 0', 8)]) + \
    b':hierarchy\n begin\n root lfemur rfemur thorax\n lfemur ltibia\n rfemur rtibia\n end\n'

def make_amc(rng):
    frame = lambda t: f'{t}\nroot ' + ' '.join(f'{rng.uniform(-9, 9):.4f}' for _ in range(6)) + ''.join(f'\n{b} ' + ' '.join(f'{rng.uniform(-60, 60):.4f}' for _ in range(3)) for b in 'lfemur ltibia rfemur rtibia thorax'.split())
    return ('#!OML\n:FULLY-SPECIFIED\n:DEGREES\n' + '\n'.join(frame(t+1) for t in range(rng.randrange(1, 4))) + '\n').encode()

def read_asf(path):
    from skeletonmae.data.mocap import read_amc
    both = path.with_name('bones.asf'), path.with_name('angles.amc')
    if path.suffix == '.amc': both[0].write_bytes(ASF); return read_amc(path, asf=both[0])
    both[1].write_bytes(make_amc(random.Random(0)))
    try: return read_amc(both[1], asf=path)
    except SkeletonMAEError as e: raise type(e)(str(e).replace(str(both[1]), str(path))) from None # which of the two is wrong cannot be told

def make_wide(rng):
    joints, sep, t = 'hip head left_hand right_hand'.split(), rng.choice(',;\t'), rng.choice(['frame', 'timestamp'])
    rows = [(i*(33 if t == 'timestamp' else 1), *(f'{rng.gauss(0, 1):.3f}' for _ in joints for _ in 'xyz')) for i in range(rng.randrange(2, 8))]
    return '\n'.join(sep.join(map(str, o)) for o in [(t, *(f'{j}_{a}' for j in joints for a in 'xyz')), *rows]).encode() + b'\n'

def make_pose_json(rng):
    import json
    n = lambda k: [round(rng.uniform(0, 900), 2) for _ in range(k)]
    kind = rng.randrange(3)
    people = [dict(pose_keypoints_2d=n(rng.choice([54, 75]))) for _ in range(rng.randrange(1, 3))]
    kinetics = dict(data=[dict(frame_index=t+1, skeleton=[dict(pose=n(36), score=[.9]*18)]) for t in range(rng.randrange(1, 4))], label='wave', label_index=3)
    azure = dict(frames=[dict(timestamp_usec=33_333*t, bodies=[dict(body_id=1, joint_positions=[n(3) for _ in range(32)])]) for t in range(rng.randrange(1, 4))])
    return json.dumps([dict(version=1.3, people=people), kinetics, azure][kind]).encode()

def read_pose_json(path):
    from skeletonmae.data.clips import Clips
    from skeletonmae.data.pose_files import read_pose_json
    found = read_pose_json(path)
    try: return Clips.from_arrays(**found)
    except SkeletonMAEError as e: raise type(e)(f'{path}: {e}') from None

FORMATS = { # name: (make, read, suffix)
    'skeleton': (make_skeleton, read_skeleton, '.skeleton'),
    'bvh': (make_bvh, read_bvh, '.bvh'),
    'kinect': (make_kinect, read_kinect, '.txt'),
    'nw_ucla': (make_nw_ucla, read_kinect, '.json'),
    'mat': (make_mat, read_kinect, '.mat'),
    'npy': (make_arrays, read_numbers, '.npy'),
    'npz': (lambda rng: make_arrays(rng, many=True), read_numbers, '.npz'),
    'csv': (make_table, read_numbers, '.csv'),
    'ctrgcn': (lambda rng: make_foreign(rng, 'ctrgcn'), read_foreign, '.npz'),
    'stgcn': (lambda rng: make_foreign(rng, 'stgcn'), read_foreign, '.npy'),
    'stgcn_labels': (make_labels, read_foreign, '.labels'),
    'pyskl': (lambda rng: make_foreign(rng, 'pyskl'), read_foreign, '.pkl'),
    'c3d': (make_c3d, read_markers, '.c3d'),
    'trc': (make_trc, read_markers, '.trc'),
    'amc': (make_amc, read_asf, '.amc'),
    'asf': (lambda rng: ASF, read_asf, '.asf'),
    'wide': (make_wide, read_numbers, '.csv'),
    'pose_json': (make_pose_json, read_pose_json, '.json'),
}

# --- Sound files as programs write them: another unit, axis up, spelling of names, frame rate, with gaps. What is read has to be the truth, or the reader asks.
UPS = {'y': ((1,0,0),(0,1,0),(0,0,1)), 'z': ((1,0,0),(0,0,-1),(0,1,0)), '-y': ((1,0,0),(0,-1,0),(0,0,-1)), 'x': ((0,1,0),(-1,0,0),(0,0,1))} # rows: the new axes, in x right, y up
METRES = dict(m=1., dm=.1, cm=.01, mm=.001, inch=.0254, foot=.3048, cmu=.0254/.45)
RATES = (24., 25., 29.97, 30., 50., 60., 120.)
BODY = 'hips spine neck head LA LB LC LD RA RB RC RD LE LF LG LH RE RF RG RH'.split()  # arms from shoulder to hand, legs from hip to toe
PARENTS = (-1, 0, 1, 2, 1, 4, 5, 6, 1, 8, 9, 10, 0, 12, 13, 14, 0, 16, 17, 18)
NTU = (0, 1, 2, 3, *range(4, 8), *range(8, 12), *range(12, 16), *range(16, 20))
SPELLINGS = dict(
    plain='pelvis spine neck head ' + ' '.join(f'{s}_{o}' for s, os in zip(('left', 'right')*2, ('shoulder elbow wrist hand',)*2 + ('hip knee ankle toe',)*2) for o in os.split()),
    mixamo=' '.join('mixamorig:'+o for o in 'Hips Spine Neck Head LeftArm LeftForeArm LeftHand LeftHandIndex1 RightArm RightForeArm RightHand RightHandIndex1 LeftUpLeg LeftLeg LeftFoot LeftToeBase RightUpLeg RightLeg RightFoot RightToeBase'.split()),
    motive='Hip Ab Neck Head LUArm LFArm LHand LFinger RUArm RFArm RHand RFinger LThigh LShin LFoot LToe RThigh RShin RFoot RToe',
    suffixed='pelvis spine_01 neck_01 head upperarm_l lowerarm_l hand_l index_l upperarm_r lowerarm_r hand_r index_r thigh_l calf_l foot_l ball_l thigh_r calf_r foot_r ball_r',
    kinect='SpineBase SpineMid Neck Head ShoulderLeft ElbowLeft WristLeft HandLeft ShoulderRight ElbowRight WristRight HandRight HipLeft KneeLeft AnkleLeft FootLeft HipRight KneeRight AnkleRight FootRight',
    alone='Hips Spine Neck Head LeftArm LeftForeArm LeftHand LeftProp RightArm RightForeArm RightHand Pen LeftUpLeg LeftLeg LeftFoot LeftToeBase RightUpLeg RightLeg RightFoot RightToeBase')
CHAINS = [(c, p) for c, p in enumerate(PARENTS) if p >= 0]

def variation(rng, default='m'):
    "Somebody who does something, (T, 25, 3) metres with y up, and how the file shall be written"
    import numpy as np
    from skeletonmae.data.synthetic import ACTIONS, perform, performer
    draw = np.random.default_rng(rng.randrange(2**32))
    x = perform(rng.choice([*ACTIONS]), [performer(rng.randrange(99)), performer(rng.randrange(99))], draw)[:,0]*rng.choice([.65, 1, 1, 1.1])
    return x[:60], dict(unit=rng.choice([default, rng.choice([*METRES])]), up=rng.choice(['y', rng.choice([*UPS])]), hand=rng.choice([1]*9 + [-1]), fps=rng.choice(RATES), spelling=rng.choice([*SPELLINGS]), gaps=rng.random() < .5)

def gone(x, how, rng):
    "The same, with a joint lost for some frames"
    import numpy as np
    x = x.copy()
    for _ in range(2 if how['gaps'] else 0): a = rng.randrange(len(x)//2); x[a:a+rng.randrange(1, 9),rng.randrange(1, x.shape[1])] = np.nan
    return x

def along(x, how):
    "As the file has it"
    import numpy as np
    return x*[1,1,how['hand']] @ np.array(UPS[how['up']]).T / METRES[how['unit']]

def vary_bvh(rng, path):
    import numpy as np
    from scipy.spatial.transform import Rotation
    from skeletonmae.data.mocap import read_bvh
    x, how = variation(rng, 'cm')
    how['spelling'] = rng.choice([*SPELLINGS, 'nameless'])
    names = [f'j{i}' for i in range(20)] if how['spelling'] == 'nameless' else SPELLINGS[how['spelling']].split()
    turn, T = np.array(UPS[how['up']])*[1,1,how['hand']], len(x)
    offsets = np.array([np.zeros(3) if p < 0 else x[0,NTU[j]]-x[0,NTU[p]] for j, p in enumerate(PARENTS)])
    bends = np.cumsum(np.random.default_rng(rng.randrange(2**32)).normal(scale=2, size=(T,20,3)), 0)  # degrees
    local = Rotation.from_euler('ZXY', bends.reshape(-1,3), degrees=True)
    local, world, truth = local.as_matrix().reshape(T,20,3,3), np.zeros((T,20,3,3)), np.zeros((T,20,3))
    for j, p in enumerate(PARENTS):
        world[:,j] = local[:,j] if p < 0 else world[:,p] @ local[:,j]
        truth[:,j] = x[:,0] if p < 0 else truth[:,p] + world[:,p] @ offsets[j]
    order = rng.choice(['ZXY', 'XYZ', 'YXZ', 'ZYX'])
    angles = Rotation.from_matrix((turn @ local @ turn.T).reshape(-1,3,3)).as_euler(order, degrees=True).reshape(T,20,3)
    size = 1/METRES[how['unit']]
    turns = ' '.join(f'{o}rotation' for o in order)
    def block(j):
        o = offsets[j] @ turn.T * size
        channels = f'6 Xposition Yposition Zposition {turns}' if j == 0 else f'3 {turns}'
        inner = ''.join(block(c) for c in rows if PARENTS[c] == j) or 'End Site\n{\nOFFSET 0 0 0\n}\n'
        return f"{'JOINT' if j else 'ROOT'} {names[j]}\n{{\nOFFSET {o[0]:.8f} {o[1]:.8f} {o[2]:.8f}\nCHANNELS {channels}\n{inner}}}\n"
    rows, order_in_file = range(20), []
    def walk(j):
        order_in_file.append(j)
        for c in rows:
            if PARENTS[c] == j: walk(c)
    walk(0)
    root = truth[:,0] @ turn.T * size
    lines = [' '.join(f'{v:.7f}' for v in [*root[t], *angles[t][order_in_file].ravel()]) for t in range(T)]
    text = f"HIERARCHY\n{block(0)}MOTION\nFrames: {T + rng.choice([0, 0, -1])}\nFrame Time: {1/how['fps']:.8f}\n" + '\n'.join(lines) + rng.choice(['', '\n', '\n\x1a'])
    path = path.with_suffix('.bvh')
    path.write_bytes(text.replace('\n', rng.choice(['\n', '\r\n', '\r'])).encode())
    return partial(read_bvh, path), how, truth[:,order_in_file]

def vary_c3d(rng, path):
    import io
    import numpy as np
    from c3d import Writer
    from skeletonmae.data.mocap import read_c3d
    x, how = variation(rng)
    truth = gone(x[:,list(NTU)], how, rng)
    names, seen = SPELLINGS[how['spelling']].split(), along(truth, how)
    spelled = dict(m='Meters', dm='dm', cm='cm', mm='MM', inch='in', foot='ft', cmu='mm')[how['unit']]
    w = Writer(point_rate=how['fps'], point_units=rng.choice([spelled, spelled, 'mm']))
    for pose in seen:
        points = np.zeros((20,5), np.float32)
        points[:,:3], points[np.isnan(pose).any(1),3] = np.nan_to_num(pose), -1
        w.add_frames([(points, np.zeros((0,0)))])
    w.set_point_labels([f'm{i}' for i in range(20)])
    said = rng.choice([how['up'], how['up'], None, 'z', 'y'])
    if said: w.set_screen_axis('+X' if 'x' not in said else '+Y', ('-' if said[0] == '-' else '+') + said[-1].upper())
    f = io.BytesIO()
    with warnings.catch_warnings(): warnings.simplefilter('ignore'); w.write(f)
    path = path.with_suffix('.c3d')
    path.write_bytes(f.getvalue())
    rules = {n: f'm{i}' for i, n in enumerate(names)}
    return partial(read_c3d, path, rules, bones=' '.join(f'{names[p]}-{names[c]}' for c, p in CHAINS)), how, truth

def vary_trc(rng, path):
    import numpy as np
    from skeletonmae.data.mocap import read_c3d
    x, how = variation(rng)
    truth = gone(x[:,list(NTU)], how, rng)
    names, seen = SPELLINGS[how['spelling']].split(), along(truth, how)
    spelled = rng.choice([dict(inch='in', foot='ft', cmu='mm').get(how['unit'], how['unit']), 'mm'])
    rows = ['\t'.join([str(t+1), f"{t/how['fps']:.3f}", *('' if np.isnan(v) else f'{v:.6f}' for v in pose.ravel())]) for t, pose in enumerate(seen)]
    head = ['PathFileType\t4\t(X/Y/Z)\ta.trc', 'DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits', f"{how['fps']:g}\t{how['fps']:g}\t{len(x)}\t20\t{spelled}",
            'Frame#\tTime\t' + '\t\t\t'.join(names), '\t\t' + '\t'.join(f'{a}{i}' for i in range(20) for a in 'XYZ'), '']
    path = path.with_suffix('.trc')
    path.write_text('\n'.join(head + rows) + '\n')
    return partial(read_c3d, path, ','.join(f'{n}' for n in names) if ':' not in names[0] else {n: n for n in names}, bones=' '.join(f'{names[p]}-{names[c]}' for c, p in CHAINS)), how, truth

def vary_table(rng, path, wide):
    import numpy as np
    from skeletonmae.data.skeleton import Skeleton
    from skeletonmae.data.tables import read_table
    x, how = variation(rng)
    truth, layout, fps = gone(x, how, rng), Skeleton.named('ntu'), how['fps']
    seen = along(truth, how)
    upper = rng.choice([str, str.upper, lambda o: ''.join(w.capitalize() for w in o.split('_'))])
    names, clock = [upper(o) for o in layout.joints], rng.choice(['frame', 'frame', 'seconds', 'milliseconds', 'third'])
    t = np.arange(len(x))
    stamp = dict(frame=t, seconds=np.round(t/fps, 4), milliseconds=np.round(t*1000/fps).astype(int), third=3*t)[clock]
    column = 'time' if clock == 'seconds' else rng.choice(['frame', 'Frame', 'frame_number']) if clock != 'milliseconds' else rng.choice(['timestamp', 'frame'])
    number = lambda v: '' if np.isnan(v) else f'{v:.7f}'
    if wide:
        head = [column, *(f'{n}_{a}' for n in names for a in 'xyz')]
        rows = [[str(stamp[i]), *map(number, pose.ravel())] for i, pose in enumerate(seen)]
    else:
        head = [column, *rng.choice([('joint', 'x', 'y', 'z'), ('landmark', 'X', 'Y', 'Z'), ('keypoint', 'x', 'y', 'z')])]
        rows = [[str(stamp[i]), n, *map(number, v)] for i, pose in enumerate(seen) for n, v in zip(names, pose) if not np.isnan(v).any()]
    sep = rng.choice([',', ';', '\t'])
    path = path.with_suffix('.csv')
    path.write_text('\n'.join(sep.join(o) for o in [head, *rows]) + '\n')
    how['fps'] = dict(frame=30., third=10.).get(clock, fps)       # by the columns, or the default
    if clock == 'milliseconds' and fps == round(fps) and 1000 % fps == 0: how['answer'] = dict(fps=fps)   # steps of 20, 25 or 40 could be frames
    return partial(read_table, path), how, truth

def vary_npy(rng, path):
    import numpy as np
    from skeletonmae.data.tables import read_arrays
    x, how = variation(rng)
    truth, how['fps'] = gone(x, how, rng), 30.
    path = path.with_suffix('.npy')
    np.save(path, along(truth, how).astype(rng.choice(['f4', 'f8'])))
    return partial(read_arrays, path, 'ntu'), how, truth

def vary_ctrgcn(rng, path):
    import numpy as np
    from skeletonmae.data.interop import read_ctrgcn
    x, how = variation(rng)
    how['fps'] = 30.
    truth = gone(x, how, rng)
    path, seen = path.with_suffix('.npz'), zeros(along(truth, how)).astype(np.float32)
    full = np.zeros((1, len(x)+9, 2, 25, 3), np.float32)
    full[0,:len(x),0] = seen
    np.savez(path, x_train=full.reshape(1, len(x)+9, -1), y_train=rng.choice([np.eye(3)[[1]], np.array([1])]))
    return partial(read_ctrgcn, path), how, truth

def zeros(x): import numpy as np; return np.where(np.isnan(x).any(-1, keepdims=True), 0, x)

def vary_stgcn(rng, path):
    import pickle
    import numpy as np
    from skeletonmae.data.interop import read_stgcn
    x, how = variation(rng)
    truth, how['fps'] = gone(x, how, rng), 30.
    path.mkdir()
    full = np.zeros((2, 3, len(x)+9, 25, rng.choice([1, 2])), rng.choice(['f4', 'f8']))
    full[:,:,:len(x),:,0] = zeros(along(truth, how)).transpose(2,0,1)
    side, kind = rng.choice(['train', 'val', 'test']), rng.choice(['data', 'data_joint', 'joint', 'position'])
    np.save(path/f'{side}_{kind}.npy', full)
    labels = rng.choice([lambda: (['a', 'b'], [3, 3]), lambda: [['a.skeleton', 'b.skeleton'], np.array([3, 3])], lambda: (np.array(['a', 'b']), np.array([3, 3]))])()
    if rng.random() < .2: np.save(path/f'{side}_label.npy', np.array([3, 3]))
    else: (path/f'{side}_label.pkl').write_bytes(pickle.dumps(labels, rng.choice([2, 4])))
    return partial(read_stgcn, path), how, truth

def vary_pyskl(rng, path):
    "In 3D; or in a picture, in pixels of it with scores, where the truth is in heights of it"
    import pickle
    import numpy as np
    from skeletonmae.data.interop import read_pyskl
    x, how = variation(rng)
    flat = rng.random() < .5
    if flat:
        from skeletonmae.data.skeleton import Skeleton, rest_pose
        h, w = rng.choice([(1080, 1920), (480, 640), (720, 405)])
        coco = rest_pose(Skeleton.named('coco'), 2)[None]*rng.uniform(.2, .4) + [.5, .5]   # y down, as in pictures
        truth = gone(coco + np.random.default_rng(rng.randrange(2**32)).normal(scale=.005, size=(len(x),17,2)), how, rng)
        pose, score = zeros(truth*h), np.where(np.isnan(truth).any(-1), 0, .8)
        how |= dict(unit='m', up='y', hand=1, fps=30.)
        inside = rng.random() < .3
        a = dict(keypoint=np.concatenate([pose, score[...,None]], -1)[None]) if inside else dict(keypoint=pose[None], keypoint_score=score[None])
        a |= dict(img_shape=rng.choice([(h, w), [h, w]]), original_shape=(h, w))
    else:
        truth, how['fps'] = gone(x, how, rng), 30.
        a = dict(keypoint=rng.choice([zeros, lambda o: o])(along(truth, how))[None])
    a['keypoint'] = a['keypoint'].astype(rng.choice(['f4', 'f8']))
    a |= dict(frame_dir='v0', total_frames=len(x), label=rng.choice([3, np.int64(3), [3]]))
    path = path.with_suffix(rng.choice(['.pkl', '.pickle']))
    whole = rng.choice([lambda: [a], lambda: a, lambda: dict(annotations=[a], split=dict(xsub_train=['v0'], xsub_val=[]))])()
    path.write_bytes(pickle.dumps(whole, rng.choice([2, 4, 5])))
    return partial(read_pyskl, path), how, truth

def vary_azure(rng, path):
    import json
    import numpy as np
    from skeletonmae.data.registry import read_poses
    from skeletonmae.data.skeleton import Skeleton, rest_pose, view_axes
    x, how = variation(rng, 'mm')
    azure = Skeleton.named('azure_kinect')
    still = (rest_pose(azure) @ view_axes(azure.up).T)[None]                    # y up; it walks as the other does
    truth = still + x[:,:1] + np.random.default_rng(rng.randrange(2**32)).normal(scale=.005, size=(len(x),32,3))
    how |= dict(gaps=False, fps=rng.choice([30., 15., 5.]))
    frames = [dict(timestamp_usec=round(1e6*t/how['fps']), bodies=[dict(body_id=1, joint_positions=o.tolist())]) for t, o in enumerate(along(truth, how))]
    path = path.with_suffix('.json')
    path.write_text(json.dumps(dict(frames=frames)))
    return partial(read_poses, path), how, truth

VARIED = dict(bvh=vary_bvh, c3d=vary_c3d, trc=vary_trc, wide=partial(vary_table, wide=True), long=partial(vary_table, wide=False), npy=vary_npy, ctrgcn=vary_ctrgcn, stgcn=vary_stgcn, pyskl=vary_pyskl, azure=vary_azure)

def farthest(found, truth, how):
    "Metres between what was read and the truth at most, but for a turn about the vertical; infinite where other joints are missing"
    import numpy as np
    x = np.asarray(found['arrays'][0], float)
    x = x[:,0] if x.ndim == 4 else x
    how['notes'] = found.get('info', {}).get('notes', [])
    if x.shape != truth.shape or abs(found['fps']/how['fps'] - 1) > .002: return np.inf
    seen = ~np.isnan(truth).any(-1)
    if x.shape[-1] == 3: x = x @ np.array(UPS[found['skeleton'].up])
    if not np.array_equal(~np.isnan(x).any(-1), seen): return np.inf
    a, b = x[seen], truth[seen]
    if x.shape[-1] == 2: return float(np.abs(a-b).max())
    flat_a, flat_b = a[:,0] + 1j*a[:,2], b[:,0] + 1j*b[:,2]
    turn = np.vdot(flat_a, flat_b)
    flat = flat_a*turn/abs(turn) - flat_b
    return float(max(np.abs(flat).max(), np.abs(a[:,1]-b[:,1]).max()))

def answered(read, truth, how, asked):
    "How far what is read is off, after the user has given what is asked for, and the questions"
    options, questions = {}, asked
    for _ in range(3):
        new = {k: v for k, v in (dict(unit=METRES[how['unit']], up=how['up']) | how.get('answer', {})).items() if f'{k}=' in asked and k not in options}
        if not new: break
        options |= new
        try: return farthest(read(**options), truth, how), questions
        except SkeletonMAEError as e: asked = str(e); questions += f' And then: {e}'
    return float('nan'), questions

def vary(name, n=40, seed=0, verbose=False):
    "Read `n` variations of a format; how many were right at once, right after a question was answered, and told to be doubtful. An AssertionError names those that are wrong without a word"
    import numpy as np
    outcomes, wrong = Counter(right=0, asked=0, told=0), []
    with tempfile.TemporaryDirectory() as d:
        for i in range(n):
            read, how, truth = VARIED[name](random.Random(f'{name} {seed} {i}'), Path(d)/f'a{i}')
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter('always')
                try: off, asked = farthest(read(), truth, how), ''
                except SkeletonMAEError as e: off, asked = answered(read, truth, how, str(e))
            said = [*(str(o.message) for o in said), *how.pop('notes', [])]                # both are shown
            doubtful = any(word in o for o in said for word in ('by default', 'if it is one', 'left-handed'))
            kind = 'asked' if asked and off < 1e-3 else 'right' if off < 1e-3 else 'told' if np.isfinite(off) and doubtful else 'wrong'
            outcomes[kind] += 1
            if kind == 'wrong': wrong.append(f'{name} variation {i}, seed {seed}: {how}: {off} m off; {asked} {said}')
            if verbose: print(i, kind, how, round(off, 5), asked, said)
    if wrong: raise AssertionError(f'{len(wrong)} variations of {n} were read wrong. ' + '\n'.join(wrong[:20]))
    return dict(outcomes)

# --- What happens to files. Each takes bytes and a `random.Random`, and returns bytes; all must take an empty file, too.
words = [b'seven', b'NaN', b'-inf', b'infinity', b'1e999', b'1e39', b'-1', b'0', b'1_000', b'0x1f', b'1.2.3', b'--1', b'+', b'.', b'', b' ', b'""', b'null',
         b'9'*19, b'9'*40, b'9'*6000, b'2147483648', b'18446744073709551616', b'1'*17, b'1e-400', '٣'.encode(), '１２'.encode(), '−1'.encode(), '½'.encode(), b'1,5', b'\xff\xfe']

def place(data, rng): return rng.randrange(len(data)+1)
def stretch(data, rng):
    a = place(data, rng)
    return a, min(len(data), a + rng.choice([1, 2, 4, 16, 100, 1000, len(data)]))
def put(data, at, new, end=None): return data[:at] + new + data[at if end is None else end:]

def flip_bits(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8, 64]) if data else 0): data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)
def set_byte(data, rng): return put(data, (a := place(data, rng)), bytes([rng.choice([0, 9, 10, 13, 32, 45, 46, 48, 57, 101, 127, 255])]), a+1)
def insert_bytes(data, rng): return put(data, place(data, rng), rng.randbytes(rng.choice([1, 4, 40])))
def cut(data, rng): a, b = stretch(data, rng); return data[:a] + data[b:]
def double(data, rng): a, b = stretch(data, rng); return data[:b] + data[a:]
def blank(data, rng): a, b = stretch(data, rng); return put(data, a, rng.choice([b'\0', b' ', b'\n', b'\xff'])*(b-a), b)
def truncate(data, rng): return data[:place(data, rng)]
def turn_round(data, rng): a, b = stretch(data, rng); return put(data, a, data[a:b][::-1], b)

def one_of(pattern, data, rng):
    "Where one of the matches begins and ends"
    found = [m.span() for m in re.finditer(pattern, data)]
    return rng.choice(found) if found else (0, 0)
def number_to_word(data, rng): a, b = one_of(rb'[-+.\w]+', data, rng); return put(data, a, rng.choice(words), b)
def change_count(data, rng):
    a, b = one_of(rb'(?<![-\w.])\d{1,6}(?![\w.])', data, rng)
    n = int(data[a:b] or 0)
    return put(data, a, str(rng.choice([n+1, n-1, -n, n*1000, n+10**9, 10**20, 0])).encode(), b)
def change_early_count(data, rng): return change_count(data[:300], rng) + data[300:]
def change_field(data, rng): a, b = one_of(rb'[0-9]', data, rng); return put(data, a, str(rng.randrange(10)).encode(), b)
def line_of(data, rng): _, b = one_of(rb'\n', data, rng); return data.rfind(b'\n', 0, max(b-1, 0)) + 1, b
def drop_line(data, rng): a, b = line_of(data, rng); return data[:a] + data[b:]
def double_line(data, rng): a, b = line_of(data, rng); return data[:b] + data[a:]
def split_line(data, rng): return put(data, place(data, rng), rng.choice([b'\n', b'\r\n', b'\r', b'\n\n', b' \n']))
def join_lines(data, rng): a, b = one_of(rb'\n', data, rng); return put(data, a, rng.choice([b'', b' ']), b)
def swap_lines(data, rng):
    lines = data.split(b'\n')
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b'\n'.join(lines)
def other_space(data, rng):
    old, new = rng.choice([(b'\n', b'\r\n'), (b'\n', b'\r'), (b' ', b'\t'), (b' ', b'  '), (b' ', b'\xa0'), (b' ', b','), (b'.', b','), (b'\n', b' \n'), (b'\n', b'\0'), (b'\n', b'\x85')])
    return data.replace(old, new, rng.choice([1, -1]))
def other_text(data, rng): return rng.choice([lambda: b'\xef\xbb\xbf'+data, lambda: data.decode('latin-1').encode('utf-16'), lambda: data.upper(), lambda: b'"'+data+b'"'])()
def other_kind(data, rng):
    return rng.choice([b'', b'\n', b' \r\n\t', b'\0'*100, b'\x1f\x8b'+data, b'PK\3\4'+data, b'\x93NUMPY\1\0'+data, b'\x80\4'+data, gzip.compress(data), data+data, rng.randbytes(300), b'1'*100_000,
                       b'{"a": ['*2000, b'('*5000, b'%PDF-1.4\n'+data, b'PAR1'+data+b'PAR1'])

MUTATIONS = [flip_bits, set_byte, insert_bytes, cut, double, blank, truncate, turn_round, number_to_word, number_to_word, change_count, change_count, change_early_count, change_field,
             drop_line, double_line, split_line, join_lines, swap_lines, other_space, other_text, other_kind]

@lru_cache(32)
def whole(name, i): return FORMATS[name][0](random.Random(f'{name} {i}'))

def case(name, i, seed=0):
    "(the bytes of damaged file `i`, the names of what was done to it)"
    rng = random.Random(f'{name} {seed} {i}')
    data, done = whole(name, rng.randrange(32)), [rng.choice(MUTATIONS) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    for f in done: data = f(data, rng)
    return data, [f.__name__ for f in done]

# --- The driver
class TooSlow(BaseException): "Not an `Exception`, so that no reader takes it for one of its own"
def _too_slow(*_): raise TooSlow

def fuzz(name, n=150, seed=0, only=None, keep=None, most_s=1., progress=lambda i, outcomes: None):
    "Try `n` damaged files of format `name`; how many were read and refused. An AssertionError names the first case that did neither, or took longer than `most_s` seconds"
    make, read, suffix = FORMATS[name]
    outcomes, wrong, slowest = Counter(read=0, refused=0), [], 0.
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    with tempfile.TemporaryDirectory() as d, warnings.catch_warnings():
        warnings.simplefilter('ignore', UserWarning)                   # what readers say of doubtful bodies
        warnings.simplefilter('error', RuntimeWarning)
        path = Path(d)/f'damaged{suffix}'
        for i in (range(n) if only is None else [only]):
            data, done = case(name, i, seed)
            path.write_bytes(data)
            start, what = time.process_time(), None
            signal.setitimer(signal.ITIMER_VIRTUAL, 5*most_s)
            try: read(path); outcomes['read'] += 1
            except SkeletonMAEError as e:
                outcomes['refused'] += 1
                if str(path) not in str(e) or '\n' in str(e) or len(str(e)) > 2000: what = f'a message that is not one line naming the file: {str(e)[:300]!r}'
            except TooSlow: what = f'more than {5*most_s} s'
            except Exception as e: what = f'{type(e).__name__}: {str(e)[:300]}'
            finally: signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            seconds = time.process_time() - start
            slowest = max(slowest, seconds)
            if seconds > most_s and not what: what = f'{seconds:.1f} s'
            if what:
                wrong.append(f'{name} case {i}, seed {seed} ({", ".join(done)}, {len(data)} bytes): {what}')
                if keep: Path(keep).mkdir(parents=True, exist_ok=True); (Path(keep)/f'{name}-{seed}-{i}{suffix}').write_bytes(data)
            progress(i, outcomes)
    signal.signal(signal.SIGVTALRM, before)
    if wrong: raise AssertionError(f'{len(wrong)} files were not handled. ' + '\n'.join(wrong[:20]))
    return dict(outcomes, slowest_s=round(slowest, 3))

def memory_mb():
    "What the process holds now"
    return int(Path('/proc/self/statm').read_text().split()[1])*4096/1e6 if Path('/proc/self/statm').exists() else 0.

def limit_memory(mb):
    "An allocation of more than `mb` beyond what is there becomes a MemoryError, which no reader may raise"
    import resource
    if Path('/proc/self/statm').exists():
        here = int(Path('/proc/self/statm').read_text().split()[0])*4096
        resource.setrlimit(resource.RLIMIT_AS, (here + mb*1_000_000, resource.RLIM_INFINITY))

def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('formats', nargs='*', choices=[*FORMATS, *VARIED, []], help=f'which of {", ".join(FORMATS)}; default: all')
    p.add_argument('--n', type=int, default=20_000, help='damaged files of each format')
    p.add_argument('--vary', action='store_true', help=f'instead, sound files as programs write them, of {", ".join(VARIED)}: unit, axis, names, rate and gaps vary')
    p.add_argument('--seed', type=int, default=0)
    p.add_argument('--only', type=int, help='this case alone')
    p.add_argument('--keep', type=Path, help='write the files that were not handled into this folder')
    p.add_argument('--memory', type=int, default=500, help='MB that reading one may take beyond what the warm process holds')
    p.add_argument('--growth', type=int, default=30, help='MB that the process may grow between the first twentieth of the files and the last')
    args = p.parse_args()
    faulthandler.enable()
    if args.vary:
        for name in args.formats or VARIED:
            try: print(f'{name}: {vary(name, args.n if args.n != 20_000 else 40, args.seed)}')
            except AssertionError as e: sys.exit(str(e))
        return
    for name in args.formats or FORMATS:
        marks, n_warm = [], args.n//20
        fuzz(name, 30, seed='warm', keep=args.keep, most_s=10.)         # the first read imports libraries
        limit_memory(args.memory)
        def progress(i, outcomes):
            faulthandler.dump_traceback_later(600, exit=True)          # a hang inside a C library, which no Python signal ends
            if i in (n_warm, args.n-1): marks.append(memory_mb())
            if i % 1000 == 999: print(f'\r{name}: {i+1:,} of {args.n:,}', end='', file=sys.stderr, flush=True)
        try: outcome = fuzz(name, args.n, args.seed, args.only, args.keep, progress=progress)
        except AssertionError as e: sys.exit(f'\n{e}')
        finally: faulthandler.cancel_dump_traceback_later()
        growth = marks[-1] - marks[0] if len(marks) > 1 else 0.
        print(f"\r{name}: {args.n:,} files, {outcome['read']:,} read, {outcome['refused']:,} refused, slowest {outcome['slowest_s']} s, memory grew by {growth:.1f} MB")
        if growth > args.growth: sys.exit(f'{name}: memory grew by {growth:.1f} MB over the run')

if __name__ == '__main__': main()
