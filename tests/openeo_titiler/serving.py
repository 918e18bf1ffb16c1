"""Serves titiler-openeo on a free port until standard input ends; runs in its own environment."""

import os
import socket
import sys
import threading

import uvicorn


def end_with_input(server):
    """Stop once nobody holds the other end of standard input."""
    sys.stdin.read()
    server.should_exit = True


def main():
    """Print the address, then serve."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(
        uvicorn.Config("titiler.openeo.main:app", log_level="warning", timeout_graceful_shutdown=1)
    )
    threading.Thread(target=end_with_input, args=(server,), daemon=True).start()
    os.write(sys.stdout.fileno(), f"{url}\n".encode())
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
