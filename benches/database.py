"""A PostgreSQL server that is measured with what uses it: the CPU time of its processes, and its statements."""

import os
import pathlib
import subprocess


class Database:
    """The database at a location as in `[store] url`. Its schema `public` is emptied: name one that is for nothing else."""

    def __init__(self, location):
        self.location = location
        self.server = int(pathlib.Path(self.ask("SHOW data_directory"), "postmaster.pid").read_text().split()[0])
        self.counts = "pg_stat_statements" in self.ask("SHOW shared_preload_libraries")

    def ask(self, *statements):
        command = ["psql", self.location, "-XqAt", "-v", "ON_ERROR_STOP=1"]
        for statement in statements:
            command += ["-c", statement]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def empty(self):
        self.ask("SET client_min_messages = error", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        if self.counts:
            self.ask("SET client_min_messages = error", "CREATE EXTENSION pg_stat_statements",
                     "SELECT pg_stat_statements_reset()")

    def cpu(self):
        """CPU seconds of the server since it started: its own, of its processes, and of those that have ended."""
        return sum(seconds(pid) for pid in [self.server, *children(self.server)])

    def statements(self):
        """Statements since the database was emptied; none without `shared_preload_libraries = pg_stat_statements`."""
        if not self.counts:
            return None
        return int(self.ask("SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements WHERE dbid = "
                            "(SELECT oid FROM pg_database WHERE datname = current_database())"))


def children(parent):
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if fields(pid)[1:2] == [str(parent)]]


def seconds(pid):
    times = fields(pid)[11:15]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def fields(pid):
    """What /proc says of a process from its state on; nothing where it has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
