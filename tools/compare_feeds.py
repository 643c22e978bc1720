#!/usr/bin/env python3
"""A simulated session's feed beside real ones: how often each topic speaks, and what it is made of.

    tools/compare_feeds.py SLIPSTREAM SIMULATED REAL...    SOURCEs of any format; prints Markdown

Messages a minute count from the session's start to its end. A path names the members on the way to a value
and its kind; car numbers, indexes of lists and names of teams are `#`. What only one side has is listed; a
real session that lacks a topic says nothing about it.
"""

import collections
import dataclasses
import json
import re
import subprocess
import sys

NUMBER = re.compile(r"^\d+$")
NAMED_BY_DATA = {"Teams"}
SHOWN_PATHS = 12


@dataclasses.dataclass
class Feed:
    counts: collections.Counter = dataclasses.field(default_factory=collections.Counter)
    paths: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(set))
    minutes: float = 0

    def rate(self, topic):
        return self.counts[topic] / self.minutes if self.minutes else 0


def kind_of(value):
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "null"


def paths_of(value, path=""):
    if isinstance(value, dict):
        is_named_by_data = path.rsplit(".", 1)[-1] in NAMED_BY_DATA
        for name, member in value.items():
            if name == "_deleted":
                yield f"{path}._deleted"
            elif name != "_kf":
                step = "#" if NUMBER.match(name) or is_named_by_data else name
                yield from paths_of(member, f"{path}.{step}" if path else step)
    elif isinstance(value, list):
        for item in value:
            yield from paths_of(item, f"{path}.#" if path else "#")
    else:
        yield f"{path} {kind_of(value)}"


def read(program, source):
    """All messages are shapes; those between the first start and the last end of the session are counted."""
    feed = Feed()
    started = ended = None
    counted = []
    command = [program, "feed", "cat", source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout:
            message = json.loads(line)
            topic, at_ms, payload = message["feed_topic"], message["session_time_ms"], message["payload"]
            feed.paths[topic].update(paths_of(payload))
            counted.append((topic, at_ms))
            if topic == "SessionStatus" and isinstance(payload, dict):
                if payload.get("Status") == "Started" and started is None:
                    started = at_ms
                if payload.get("Status") in ("Finished", "Finalised", "Aborted"):
                    ended = at_ms
    started = counted[0][1] if started is None else started
    ended = counted[-1][1] if ended is None else ended
    feed.minutes = (ended - started) / 60_000
    feed.counts.update(topic for topic, at_ms in counted if started <= at_ms <= ended)
    return feed


def listed(paths):
    texts = [f"`{path}`" for path in sorted(paths)]
    more = f" and {len(texts) - SHOWN_PATHS} more" if len(texts) > SHOWN_PATHS else ""
    return ", ".join(texts[:SHOWN_PATHS]) + more


def main(program, simulated, *real):
    ours, theirs = read(program, simulated), [read(program, source) for source in real]
    topics = sorted({topic for feed in (ours, *theirs) for topic in feed.paths})
    print("| topic | simulated, a minute | real | only real | only simulated |")
    print("|---|---|---|---|---|")
    for topic in topics:
        having = [feed for feed in theirs if topic in feed.paths]
        paths = set().union(*(feed.paths[topic] for feed in having))
        rates = ", ".join(f"{feed.rate(topic):.1f}" for feed in having) or "none"
        own = f"{ours.rate(topic):.1f}" if topic in ours.paths else "none"
        only_real = listed(paths - ours.paths[topic]) if topic in ours.paths else ""
        only_ours = listed(ours.paths[topic] - paths) if having else ""
        print(f"| {topic} | {own} | {rates} | {only_real} | {only_ours} |")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.stderr.write(__doc__)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
