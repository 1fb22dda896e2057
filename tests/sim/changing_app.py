"""The firmware with one task more: the settings in DATA/change are given to App.apply().

In the place of a settings page. The file is removed when they are taken.
"""

import asyncio
import json
import os

import app
from hardware import Board


class Changing(app.App):
    async def run(self):
        self.taking = asyncio.create_task(self._take())
        await super().run()

    async def _take(self):
        path = self.board.data_dir + "/change"
        while True:
            await asyncio.sleep_ms(200)
            try:
                with open(path) as f:
                    changes = json.loads(f.read())
            except (OSError, ValueError):
                continue
            os.remove(path)
            self.apply(changes)


app.App = Changing
app.run(Board())
