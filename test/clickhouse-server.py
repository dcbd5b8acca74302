"""Runs a ClickHouse server on 127.0.0.1 out of chdb's library.

usage: clickhouse-server.py LIBRARY DIRECTORY PORT

It serves HTTP until it is signalled or its standard input ends, so it never outlives the process that started it.
"""

import ctypes
import os
import signal
import sys
import threading

library, directory, port = sys.argv[1:]

# The engine gets an empty standard input, and only the watcher the real one.
parent = os.dup(0)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def end_with_parent():
    while os.read(parent, 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


# ClickHouse: clickhouse-local makes `default` an Overlay at every start, also over the Atomic one found on disk. A
# server has an Atomic one.
if os.path.exists(os.path.join(directory, "metadata", "default.sql")):
    atomic_default = "DETACH DATABASE default; ATTACH DATABASE default;"
else:
    atomic_default = "DROP DATABASE default; CREATE DATABASE default ENGINE = Atomic;"

queries = f"""
{atomic_default}
SYSTEM START LISTEN HTTP;
SELECT sleepEachRow(3) FROM system.numbers
SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0, max_execution_time = 0
FORMAT Null
"""

# The settings that clickhouse-local changes go back to what a server has.
settings = {
    "allow_introspection_functions": "0",
    "implicit_select": "0",
    "output_format_arrow_use_native_writer": "1",
    "storage_file_read_method": "pread",
}

arguments = ["clickhouse-local", "--path", directory, "--http_port", port, "--listen_host", "127.0.0.1"]
for name, value in settings.items():
    arguments += [f"--{name}", value]
arguments += ["--query", queries]

threading.Thread(target=end_with_parent, daemon=True).start()
engine = ctypes.CDLL(library)
engine.chdb_query_cmdline.restype = ctypes.c_void_p
engine.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * len(arguments))(*map(os.fsencode, arguments)))
sys.exit(1)  # The last query never ends by itself: the engine has said why on standard error.
