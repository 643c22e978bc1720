"""Copies of a session that are sessions of their own: another key each, the other files as links."""

import os
import pathlib

INFO = "SessionInfo.jsonStream"


def make(session, folder, count):
    """Makes `count` copies of the archive folder `session` below `folder`. -> their paths."""
    session = pathlib.Path(session)
    info = (session / INFO).read_bytes()
    # The session's own key stands behind ArchiveStatus, those of meeting, country and circuit before it.
    begin = info.index(b'"Key":', info.index(b'"ArchiveStatus"'))
    key = info[begin : info.index(b",", begin)] + b","
    copies = []
    for number in range(count):
        copy = pathlib.Path(folder) / f"copy_{number:03}"
        copy.mkdir(parents=True)
        for file in session.iterdir():
            if file.name != INFO:
                os.symlink(file.resolve(), copy / file.name)
        (copy / INFO).write_bytes(info.replace(key, b'"Key":%d,' % (900_000 + number)))
        copies.append(copy)
    return copies
