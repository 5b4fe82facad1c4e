"""`./tests/pictures.sh`: takes the pictures, scene by scene."""

import itertools
import shutil
import sys

from harness import Database, SmtpSink, odoo_server
from suite import demo
from suite.settings import Settings

from . import FOLDER, SCREENS, get_folders, get_names, load_shots, load_store_shots
from .camera import Camera
from .scenes import SCENES


def main(wanted):
    order = list(SCENES).index
    shots = load_shots() + load_store_shots()
    shots.sort(key=lambda shot: order(shot["scene"]))
    unknown = set(wanted) - {shot["name"] for shot in shots}
    if unknown:
        sys.exit(f"There is no picture named {', '.join(sorted(unknown))}.")
    settings = Settings.from_env("test")
    demo.prepare_database(demo.Demo(settings))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, members in itertools.groupby(shots, key=lambda shot: shot["scene"]):
        members = list(members)
        # what comes before in a scene may change what is seen
        chosen = [s for s in members if not wanted or s["name"] in wanted]
        if chosen:
            take_scene(settings, SCENES[name], members, chosen)


def take_scene(settings, scene, members, chosen):
    demo.say(f"Scene: {scene.title}")
    db = Database.fresh(settings, demo.DATABASE, "pictures")
    try:
        ids = scene.prepare(db)
        with (
            SmtpSink() as smtp,
            odoo_server(db, smtp=smtp, env=scene.environment, allow_log=None) as server,
        ):
            scene.begin(server)
            take_shots(settings, server, ids, members, chosen)
    finally:
        db.drop()


def take_shots(settings, server, ids, members, chosen):
    cameras = {
        screen: Camera(settings, server, screen)
        for screen in SCREENS
        if any(screen in shot["on"] for shot in chosen)
    }
    try:
        for shot in members:
            for xmlid in shot.get("run", ()):
                server.run_cron(xmlid)
            if shot not in chosen:
                continue
            for screen, name in zip(shot["on"], get_names(shot), strict=True):
                first, *others = get_folders(name)
                size = cameras[screen].take(shot, ids, first / name)
                for folder in others:
                    shutil.copyfile(first / name, folder / name)
                demo.say(f"  {name}  {size // 1000} kB")
    finally:
        for camera in cameras.values():
            camera.close()


if __name__ == "__main__":
    main(sys.argv[1:])
