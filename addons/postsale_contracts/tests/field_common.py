"""Entries as a technician's phone sends them."""

import base64
import io
from itertools import count

from PIL import Image, ImageDraw

from odoo import fields

from .common import PostsaleCommon

#: The keys of the entries, each another one.
NUMBERS = count(1)


def draw(kind="PNG", size=(300, 100), mode="RGBA", line=True):
    """A picture in base64, as the browser sends it."""
    image = Image.new(mode, size)
    if line:
        ImageDraw.Draw(image).line((10, 90, size[0] - 10, 10), fill="black", width=2)
    file = io.BytesIO()
    image.save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


class FieldCommon(PostsaleCommon):
    """A ticket of the technician; ``send`` speaks with no more rights than his."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["postsale.field.entry"]
        cls.MyDay = cls.env["postsale.my.day"]
        cls.Activity = cls.env["postsale.intervention"]
        cls.technician.tz = "Europe/Madrid"
        cls.job = cls._create_job()

    @classmethod
    def _create_job(cls, **values):
        return cls._create_ticket(
            **{
                "user_ids": [fields.Command.link(cls.technician.id)],
                "visit_date": "2027-03-15",
                **values,
            }
        )

    @classmethod
    def entry(cls, kind, task=None, at="2027-03-15 09:00:00", uuid=None, **values):
        return {
            "uuid": uuid or f"{next(NUMBERS):032x}",
            "kind": kind,
            "task": (task or cls.job).id,
            "at": at,
            "values": values,
        }

    @classmethod
    def send(cls, *entries, user=None):
        return cls.Entry.with_user(user or cls.technician).record(list(entries))

    def assertSaved(self, *entries, user=None):
        answers = self.send(*entries, user=user)
        refused = [answer for answer in answers if answer["outcome"] != "saved"]
        self.assertFalse(refused)
        return answers

    def assertRefused(self, entry, text, user=None):
        (answer,) = self.send(entry, user=user)
        self.assertEqual(answer["outcome"], "refused")
        self.assertIn(text, answer["message"])
