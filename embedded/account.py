"""PostgreSQL refuses to run as root, so as root its programs run as `nobody`."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from embedded.errors import SetupError

# Bits in /proc/self/status, see capabilities(7). The first to be had is taken: reading and searching folders is
# the smaller power, but containers often give root only the other one.
CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}
SETPCAP = 8  # allows to set the secure bits


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who runs a program: ourselves (uid None) or another user, with a prefix that switches to it if need be."""

    uid: int | None = None
    gid: int = 0
    prefix: Sequence[str] = field(default_factory=list)

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)

    def popen(
        self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: int | None
    ) -> subprocess.Popen[str]:
        """Start a program as this account; what it prints goes to the file descriptor `output`."""
        switch = self.uid is not None and not self.prefix
        return subprocess.Popen(
            [*self.prefix, *command],
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
            cwd=cwd,
            env=env,
            text=True,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def become(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> NoReturn:
        """Replace this process by the program, run as this account."""
        os.chdir(cwd)
        if self.uid is not None and not self.prefix:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)
        line = [*self.prefix, *command]
        os.execvpe(line[0], line, env)


def account_for(program: Path, data: Path) -> Account:
    """The account that can run the program on the data folder.

    Raises:
        SetupError: we are root, `nobody` cannot reach the files, and there is no way to let it.
    """
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    # On macOS nobody is -2, which Python shows as 4294967294; setuid takes it either way.
    uid, gid = nobody.pw_uid, nobody.pw_gid
    closed = [folder for folder in (*program.parents, *data.parents) if not _open_to_all(folder)]
    if not closed and _open_to_all(program):
        return Account(uid=uid, gid=gid)
    setpriv, capability = shutil.which("setpriv"), _capability(searching_is_enough=_open_to_all(program))
    if setpriv and capability:
        switch = [f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
        # Without the secure bit access(2), which PostgreSQL asks about its own program, ignores the capability.
        power = ["--securebits=+no_setuid_fixup", f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"]
        return Account(uid=uid, gid=gid, prefix=[setpriv, *switch, *power])
    raise SetupError(
        f"PostgreSQL cannot run as root, and the user nobody may not enter {(closed or [program])[-1]}: "
        f"put Countersign elsewhere (say /opt), open that folder with chmod o+x, or run make as another user."
    )


def _open_to_all(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXOTH)


def _capability(*, searching_is_enough: bool) -> str | None:
    """The smallest power over file permissions that we have and can hand on; None where there is none (macOS)."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    # What we hold, and what a program that we start may hold.
    masks = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("CapPrm", "CapBnd"))]
    held = [bit for bit in range(64) if all(mask >> bit & 1 for mask in masks)]
    for name, bit in CAPABILITIES.items():
        if {bit, SETPCAP} <= set(held) and (searching_is_enough or name == "dac_override"):
            return name
    return None
