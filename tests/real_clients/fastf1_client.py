"""FastF1's own live client (PyPI, 3.9) records from a stand-in: fastf1_client.py URL FILE TOKEN.

It ends when nothing has come for some seconds: the class knows no other end.
"""

import sys
import types

import fastf1.livetiming.client as client


def main(url, path, token):
    class Client(client.SignalRClient):
        _connection_url = "ws" + url.removeprefix("http")
        _negotiate_url = url + "/negotiate"

    client.get_token = lambda: types.SimpleNamespace(value=token)
    Client(path, timeout=5).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
