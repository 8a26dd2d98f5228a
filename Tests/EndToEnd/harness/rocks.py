"""A RocksDB directory that no process has open, for somebody who changes it behind the gateway's back."""

import ctypes
import ctypes.util
import pathlib
from collections.abc import Iterator
from contextlib import contextmanager


def library() -> ctypes.CDLL | None:
    """RocksDB's C interface; nothing where the library isn't found."""
    name = ctypes.util.find_library("rocksdb")
    if name is None:
        return None
    found = ctypes.CDLL(name)
    for function in (
        "rocksdb_options_create",
        "rocksdb_readoptions_create",
        "rocksdb_writeoptions_create",
        "rocksdb_list_column_families",
        "rocksdb_open_column_families",
        "rocksdb_get_cf",
    ):
        getattr(found, function).restype = ctypes.c_void_p
    return found


class RocksDirectory:
    """Entries of column families, as they lie there."""

    def __init__(self, rocks: ctypes.CDLL, path: pathlib.Path) -> None:
        self.rocks = rocks
        self.error = ctypes.c_char_p()
        self.options = ctypes.c_void_p(rocks.rocksdb_options_create())
        self.reads = ctypes.c_void_p(rocks.rocksdb_readoptions_create())
        self.writes = ctypes.c_void_p(rocks.rocksdb_writeoptions_create())
        count = ctypes.c_size_t()
        place = str(path).encode()
        names = rocks.rocksdb_list_column_families(
            self.options, place, ctypes.byref(count), ctypes.byref(self.error)
        )
        self.check()
        found = ctypes.cast(names, ctypes.POINTER(ctypes.c_char_p))
        self.names = [found[number] or b"" for number in range(count.value)]
        self.handles = (ctypes.c_void_p * count.value)()
        self.database = ctypes.c_void_p(
            rocks.rocksdb_open_column_families(
                self.options,
                place,
                count,
                (ctypes.c_char_p * count.value)(*self.names),
                (ctypes.c_void_p * count.value)(*[self.options.value] * count.value),
                self.handles,
                ctypes.byref(self.error),
            )
        )
        self.check()

    def check(self) -> None:
        if self.error.value is not None:
            raise OSError(self.error.value.decode())

    def family(self, name: str) -> ctypes.c_void_p:
        return ctypes.c_void_p(self.handles[self.names.index(name.encode())])

    def get(self, family: str, key: bytes) -> bytes | None:
        length = ctypes.c_size_t()
        value = self.rocks.rocksdb_get_cf(
            self.database,
            self.reads,
            self.family(family),
            key,
            ctypes.c_size_t(len(key)),
            ctypes.byref(length),
            ctypes.byref(self.error),
        )
        self.check()
        return None if value is None else ctypes.string_at(value, length.value)

    def put(self, family: str, key: bytes, value: bytes) -> None:
        self.rocks.rocksdb_put_cf(
            self.database,
            self.writes,
            self.family(family),
            key,
            ctypes.c_size_t(len(key)),
            value,
            ctypes.c_size_t(len(value)),
            ctypes.byref(self.error),
        )
        self.check()

    def delete(self, family: str, key: bytes) -> None:
        self.rocks.rocksdb_delete_cf(
            self.database,
            self.writes,
            self.family(family),
            key,
            ctypes.c_size_t(len(key)),
            ctypes.byref(self.error),
        )
        self.check()

    def close(self) -> None:
        for handle in self.handles:
            self.rocks.rocksdb_column_family_handle_destroy(ctypes.c_void_p(handle))
        self.rocks.rocksdb_close(self.database)


@contextmanager
def opened(rocks: ctypes.CDLL, path: pathlib.Path) -> Iterator[RocksDirectory]:
    directory = RocksDirectory(rocks, path)
    try:
        yield directory
    finally:
        directory.close()
