"""`./setup/i18n.sh`: translation templates by the core's export, languages beside them.

The export runs where demo data are installed, too: their texts are translated as well.
"""

import sys
from pathlib import Path

import polib

from . import databases, odoo_log, process
from .settings import Settings

LANGUAGES = ("es", "es_419", "it", "ro")
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "es_419": "nplurals=2; plural=(n != 1);",
    "it": "nplurals=2; plural=(n != 1);",
    "ro": "nplurals=3; plural=(n==1?0:(((n%100>19)||((n%100==0)&&(n!=0)))?2:1));",
}
EXPORT = """
import io
from pathlib import Path
from odoo.tools.translate import trans_export
for name in {addons!r}:
    buffer = io.BytesIO()
    if not trans_export(None, [name], buffer, "po", env):
        continue  # a bridge without a text of its own
    path = Path({folder!r}) / name / "i18n" / (name + ".pot")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(buffer.getvalue())
"""
DEMO = """
from odoo.modules.loading import force_demo
force_demo(env)
"""


def say(text):
    print(text, flush=True)


def template_path(addons, addon):
    return Path(addons) / addon / "i18n" / f"{addon}.pot"


def language_path(addons, addon, language):
    return Path(addons) / addon / "i18n" / f"{language}.po"


def load(path):
    """A file of translations; an empty one where there is none yet."""
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def export_templates(settings, addons):
    """Of add-ons that are installed together, or of one that stands apart."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    apart = set(addons) <= set(databases.APART)
    template = databases.ensure_suite_template(
        settings, ignores, say, addons if apart else None
    )
    settings = settings.with_oca() if apart else settings
    database = databases.scratch_name("i18n")
    log = settings.log_dir / "i18n.log"
    log.unlink(missing_ok=True)
    script = EXPORT.format(addons=list(addons), folder=str(settings.addons))
    databases.copy(settings, template, database)
    try:
        say(f"Reading the texts of {', '.join(addons)}, about a minute ...")
        script = script if apart else DEMO + script
        code = process.run_shell(settings, database, script, log=log, timeout=900)
    finally:
        databases.drop(settings, database)
    if code:
        sys.exit(f"Stopped: the export failed, the whole log is {log}")


def tidy(path):
    """Take out what changes with the clock: a file changes when its texts do."""
    texts = polib.pofile(str(path))
    texts.metadata = prepare_metadata()
    texts.save(str(path))


def prepare_metadata(language=""):
    values = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Report-Msgid-Bugs-To": "",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "",
        "Plural-Forms": PLURALS.get(language, ""),
    }
    return values


def bring_up_to_date(addons, addon, language, more=None):
    """Entries as in the template, with the translations known so far.

    :param dict more: further translations by source text; they win
    :return: how many are still empty
    """
    path = language_path(addons, addon, language)
    known = {entry.msgid: entry.msgstr for entry in load(path) if not entry.fuzzy}
    known.update(more or {})
    result = polib.POFile()
    result.metadata = prepare_metadata(language)
    for entry in load(template_path(addons, addon)):
        entry.msgstr = known.get(entry.msgid, "")
        result.append(entry)
    result.save(str(path))
    return len(result.untranslated_entries())


def main():
    settings = Settings.from_env("test")
    addons = databases.our_addons(settings)
    export_templates(settings, addons)
    for addon in databases.APART:
        export_templates(settings, [addon])
    for addon in [*addons, *databases.APART]:
        if not template_path(settings.addons, addon).exists():
            continue
        tidy(template_path(settings.addons, addon))
        for language in LANGUAGES:
            empty = bring_up_to_date(settings.addons, addon, language)
            say(f"{addon} {language}: {empty} to translate")


if __name__ == "__main__":
    main()
