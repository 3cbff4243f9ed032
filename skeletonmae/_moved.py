"Where the modules of earlier versions live now: importing one of them by its old name says so."
import sys
from importlib.abc import MetaPathFinder

MOVED = dict(
    transforms='data.transforms', loaders='data.loaders', bulk='data.ingest', cleaning='data.ntu_cleaning', kinect='data.kinect',
    mocap='data.mocap', tables='data.tables', formats='data.interop', datasets='data.registry', look='data.inspect',
    actions='data.synthetic', masking='model.masking', masks='model.mask_kinds', stta='model.stta', targets='model.targets',
    backbones='model.backbones', attention='model.attention', figures='model.figures', distributed='train.distributed',
    training='train.optim', checkpoints='train.checkpoints', choices='train.callbacks', tuning='train.callbacks',
    watch='train.logging', runs='train.runs', pretrain='train.pretrain', finetune='train.finetune', rates='train.lr_find',
    measure='analyse.metrics', probes='analyse.probes', recognise='analyse.inference', interpret='analyse.interpret',
    player='analyse.player', bench='analyse.bench', crosclr='compare.crosclr', aimclr='compare.aimclr',
    methods='compare.methods', demo='app.demo', explore='app.explore')

class MovedModules(MetaPathFinder):
    "Refuse the old name of a module with one line that gives the new one"
    def find_spec(self, name, path=None, target=None):
        package,_,module = name.partition('.')
        if package == __package__ and module in MOVED:
            new = f'{package}.{MOVED[module]}'
            raise ModuleNotFoundError(f"{name} is {new} now: import from there, or from {package}.all.", name=name)

if not any(type(o).__name__ == MovedModules.__name__ for o in sys.meta_path): sys.meta_path.append(MovedModules())
