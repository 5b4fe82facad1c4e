"""Work in real processes that can be killed with ``kill -9``, without a server.

A child is forked before it has any connection to the database, as Odoo forks its own
workers.
"""

import json
import re

PRELUDE = """
import json, os, signal, sys, threading, traceback
from odoo import api, sql_db
from odoo.modules.registry import Registry

dbname = env.cr.dbname
env.cr.close()
sql_db.close_all()

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def start(work, prepare=lambda: None, seconds=None):
    '''A child that does work(env); killed after so many seconds, if any.'''
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        prepare()
        if seconds is not None:
            timer = threading.Timer(seconds, die)
            timer.daemon = True
            timer.start()
        with Registry(dbname).cursor() as cr:
            work(api.Environment(cr, api.SUPERUSER_ID, {}))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)

def wait(*pids):
    '''How they ended: 0, or -9 for one that was killed.'''
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]

def tell(result):
    print("RESULT", json.dumps(result))
    sys.stdout.flush()
    os._exit(0)
"""


def run(db, script, **names):
    """What ``script`` hands to ``tell``; it may use the names of the prelude.

    :param names: constants that the script knows
    """
    constants = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    output = db.shell(PRELUDE + constants + script)
    (line,) = re.findall(r"^.*RESULT (.*)$", output, re.M)
    return json.loads(line)
