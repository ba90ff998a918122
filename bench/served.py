"""An application under the server it is deployed with, and the CPU time that its process spends."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Served:
    """One worker with one thread on a port of its own; asked over one connection that stays open."""

    def __init__(self, target: str, port: int, **environment: str) -> None:
        granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
        options = ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "error"]
        places = os.pathsep.join((str(ROOT), str(ROOT / "bench")))
        self._process = subprocess.Popen(
            [*granian, *options, target], cwd=ROOT, env={**os.environ, "PYTHONPATH": places, **environment}
        )
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._wait(port)
        self._processes = [self._process.pid, *self._children()]

    def _wait(self, port: int) -> None:
        for _ in range(300):
            try:
                self._connection.connect()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"nothing answers on port {port}")

    def _children(self) -> list[int]:
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError):
                continue
            if parent == self._process.pid:
                found.append(int(stat.parent.name))
        return found

    def get(self, path: str, cookie: str = "") -> bytes:
        """One page. Ends the run if the answer is not 200."""
        self._connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookie, "Accept-Language": "ko"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return body

    def cpu(self) -> float:
        """Seconds of CPU that all threads of the server have spent so far (Linux, in nanoseconds)."""
        spent = 0
        for process in self._processes:
            for clock in Path(f"/proc/{process}/task").glob("*/schedstat"):
                spent += int(clock.read_text().split()[0])
        return spent / 1e9

    def memory(self) -> int:
        """MB that the worker keeps in memory."""
        status = Path(f"/proc/{self._processes[-1]}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(20)
