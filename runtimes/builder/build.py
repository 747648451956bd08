"""Installs packages with pip inside a build jail: `python -S -B build.py WORK_DIR`, descriptor 3 to the server. Output is the
build's log. Speaks as build.cjs does and trusts as little: the server checks what comes out of here as it checks an
upload.

  server: {requirements, index, limits}                <- one line of JSON
  here:   {type: 'lock', lock}                         what was found and downloaded, nothing installed yet
  server: {type: 'install'}                            or it hangs up: it has such a layer already
  here:   {type: 'layer'} and a zip until the end      or, at any time, {type: 'failed', step, message}
"""

import glob
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import sysconfig
import traceback
import zipfile

WORK = sys.argv[1]
WHEELS = os.path.join(WORK, "wheels")
PACKAGES = os.path.join(WORK, "packages")
# Where a distribution keeps the wheel that its own ensurepip takes: a jail sees it as the code.
DISTRIBUTION_WHEELS = ("/var/task", "/usr/share/python-wheels")
MIB = 1024 * 1024
NAMED = 5
# What pip leaves for programs, which no function starts.
LEFT_OUT = {"bin", "__pycache__"}


class BuildError(Exception):
    def __init__(self, step, message):
        super().__init__(message)
        self.step = step


def main():
    control = socket.socket(fileno=3)
    # It comes from a program that never waits; a read that finds nothing would look like the end.
    control.setblocking(True)
    lines = control.makefile("r", encoding="utf-8")

    def say(message):
        control.sendall((json.dumps(message) + "\n").encode())

    def next_message():
        line = lines.readline()
        if line == "":
            sys.exit(0)
        return json.loads(line)

    packing = False
    try:
        order = next_message()
        limits = order["limits"]
        pip = Pip(order)
        say({"type": "lock", "lock": json.dumps(pip.resolve())})
        next_message()
        pip.install()
        files = list(list_files(limits))
        packing = True
        say({"type": "layer"})
        write_zip(control, files)
    except BuildError as error:
        say({"type": "failed", "step": error.step, "message": str(error)})
    except Exception as error:
        # What fails within the zip ends this process, and half a zip is none.
        traceback.print_exc()
        if packing:
            raise
        say({"type": "failed", "step": "pack", "message": "%s: %s" % (type(error).__name__, error)})
    control.shutdown(socket.SHUT_WR)


class Pip:
    def __init__(self, order):
        self.order = order
        self.wheel = find_pip()
        self.requirements = os.path.join(WORK, "requirements.txt")
        with open(self.requirements, "w", encoding="utf-8") as file:
            file.write(order["requirements"])

    def resolve(self):
        """Downloads every wheel; says which, with their checksums."""
        os.mkdir(WHEELS)
        index = ["--index-url", self.order["index"], "--only-binary=:all:", "--retries=2", "--timeout=20"]
        self._run("resolve", ["download", "--dest", WHEELS, *index, "-r", self.requirements])
        found = []
        for name in sorted(os.listdir(WHEELS)):
            path = os.path.join(WHEELS, name)
            with open(path, "rb") as file:
                checksum = hashlib.sha256(file.read()).hexdigest()
            distribution, version = name.split("-")[:2]
            found.append({"name": distribution, "version": version, "file": name, "sha256": checksum})
        return {"packages": found}

    def install(self):
        wheels = [os.path.join(WHEELS, name) for name in sorted(os.listdir(WHEELS))]
        os.mkdir(PACKAGES)
        if wheels:
            options = ["--no-index", "--no-deps", "--no-compile", "--target", PACKAGES]
            self._run("install", ["install", *options, *wheels])
        shutil.rmtree(WHEELS)

    def _run(self, step, arguments):
        options = ["--isolated", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--progress-bar=off", "--no-color"]
        environment = {"PATH": "/usr/bin:/bin", "HOME": WORK, "TMPDIR": WORK, "PYTHONPATH": self.wheel, "LANG": "C.UTF-8"}
        for name in ("LD_LIBRARY_PATH", "PIP_CERT"):
            if name in os.environ:
                environment[name] = os.environ[name]
        command = [sys.executable, "-S", "-B", "-m", "pip", arguments[0], *options, *arguments[1:]]
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = b""
        for line in child.stderr:
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            said = (said + line)[-16384:]
        if child.wait() != 0:
            text = said.decode("utf-8", "replace")
            if "No space left on device" in text:
                raise BuildError("pack", too_large(self.order["limits"]["layerBytes"]))
            raise BuildError(step, reason_of(text) or "pip ended with %d" % child.returncode)


def find_pip():
    library = sysconfig.get_path("stdlib")
    for folder in (os.path.join(library, "ensurepip", "_bundled"), *DISTRIBUTION_WHEELS):
        found = sorted(glob.glob(os.path.join(folder, "pip-*.whl")))
        if found:
            return found[-1]
    raise BuildError(
        "resolve",
        "this Python has no pip: install its ensurepip (python3-venv or python3-pip-whl on Debian), or zip the packages with the code",
    )


def reason_of(said):
    """What pip calls an error, in one sentence."""
    errors = [line[6:].strip() for line in said.splitlines() if line.startswith("ERROR:")]
    if not errors:
        return None
    missing = [one for one in errors if one.startswith("No matching distribution found for")]
    if missing:
        return "%s: the index has no wheel of it that fits this Python and machine" % missing[-1]
    if "DO NOT MATCH THE HASHES" in said:
        wanted = re.search(r"^\s+(\S+) from ", said, re.M)
        return "the hash of %s is another than requirements.txt says" % (wanted.group(1) if wanted else "a package")
    return errors[0]


def list_files(limits):
    sizes = {}
    total = count = 0
    for folder, folders, names in os.walk(PACKAGES):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in sorted(names):
            path = os.path.join(folder, name)
            found = os.lstat(path)
            below = os.path.relpath(path, PACKAGES)
            if not stat.S_ISREG(found.st_mode):
                raise BuildError("pack", "%s is no file" % below)
            top = below.split(os.sep)[0]
            sizes[top] = sizes.get(top, 0) + found.st_size
            total += found.st_size
            count += 1
            yield below, path, found.st_mode
    if total > limits["layerBytes"]:
        raise BuildError("pack", too_large(limits["layerBytes"], sizes))
    if count > limits["layerEntries"]:
        raise BuildError("pack", "the packages have more than %d files (MILLRACE_LAYER_ENTRIES)" % limits["layerEntries"])


def too_large(limit, sizes=None):
    largest = sorted((sizes or {}).items(), key=lambda one: -one[1])[:NAMED]
    named = ", ".join("%s %s" % (name, megabytes(size)) for name, size in largest)
    tail = ": the largest are %s" % named if named else ""
    return "the packages take more than %s (MILLRACE_LAYER_BYTES)%s" % (megabytes(limit), tail)


def megabytes(size):
    return "%g MB" % round(size / MIB, 1)


def write_zip(control, files):
    """The same bytes for the same files: no times, no owners."""
    with control.makefile("wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        for name, path, mode in files:
            entry = zipfile.ZipInfo("node_modules/" + name)
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if mode & 0o111 else 0o100644) << 16
            with open(path, "rb") as file:
                packed.writestr(entry, file.read())


main()
