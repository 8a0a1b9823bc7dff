/* Preloaded into a process: the n-th system call on files of one folder fails, as on a disk that breaks.

   fault_arm(n, error, 0) counts anew; with 1 the process is killed before that call instead. fault_count() says how
   many calls there were. Of the calls of the C library those are counted that open, read the state of, write, force to
   the disk, rename, link, or remove a file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long counted, fails_at;
static int fails_with, kills;
static const char *folder;
static char name_of_failed[64];

void fault_arm(long at, int error, int kill_instead) {
    folder = getenv("FAULT_FOLDER"); counted = 0; fails_at = at; fails_with = error; kills = kill_instead;
    name_of_failed[0] = 0;
}
long fault_count(void) { return counted; }
const char *fault_name(void) { return name_of_failed; }

static int strike(const char *call) {
    if (++counted != fails_at) return 0;
    strncpy(name_of_failed, call, sizeof name_of_failed - 1);
    if (kills) kill(getpid(), SIGKILL);
    errno = fails_with;
    return 1;
}
static int is_ours(const char *path) { return folder && path && strncmp(path, folder, strlen(folder)) == 0; }
static int is_ours_at(int fd, const char *path) {
    (void)fd; return is_ours(path);
}
static int is_open_there(int fd) {
    char link[64], target[PATH_MAX];
    if (!folder || fd < 3) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, target, sizeof target - 1);
    if (size < 0) return 0;
    target[size] = 0;
    return is_ours(target);
}
#define NEXT(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

static int opened(const char *call, const char *path, int flags, mode_t mode) {
    static int (*real)(const char *, int, ...);
    if (!real) real = dlsym(RTLD_NEXT, "open64");
    if (is_ours(path) && strike(call)) return -1;
    return real(path, flags, mode);
}
#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, flags); mode = va_arg(a, mode_t); va_end(a); }
int open(const char *path, int flags, ...) { MODE return opened("open", path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened("open", path, flags, mode); }
int openat(int at, const char *path, int flags, ...) {
    MODE NEXT(int, "openat64", int, const char *, int, ...);
    if (is_ours_at(at, path) && strike("openat")) return -1;
    return real(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
    MODE NEXT(int, "openat64", int, const char *, int, ...);
    if (is_ours_at(at, path) && strike("openat")) return -1;
    return real(at, path, flags, mode);
}
ssize_t write(int fd, const void *data, size_t size) {
    NEXT(ssize_t, "write", int, const void *, size_t);
    if (is_open_there(fd) && strike("write")) return -1;
    return real(fd, data, size);
}
ssize_t read(int fd, void *data, size_t size) {
    NEXT(ssize_t, "read", int, void *, size_t);
    if (is_open_there(fd) && strike("read")) return -1;
    return real(fd, data, size);
}
int fsync(int fd) { NEXT(int, "fsync", int); if (is_open_there(fd) && strike("fsync")) return -1; return real(fd); }
int fchmod(int fd, mode_t mode) {
    NEXT(int, "fchmod", int, mode_t); if (is_open_there(fd) && strike("fchmod")) return -1; return real(fd, mode);
}
int chmod(const char *path, mode_t mode) {
    NEXT(int, "chmod", const char *, mode_t); if (is_ours(path) && strike("chmod")) return -1; return real(path, mode);
}
int rename(const char *from, const char *to) {
    NEXT(int, "rename", const char *, const char *); if (is_ours(from) && strike("rename")) return -1; return real(from, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    NEXT(int, "renameat2", int, const char *, int, const char *, unsigned);
    if (is_ours(from) && strike("renameat2")) return -1;
    return real(a, from, b, to, flags);
}
int link(const char *from, const char *to) {
    NEXT(int, "link", const char *, const char *); if (is_ours(from) && strike("link")) return -1; return real(from, to);
}
int unlink(const char *path) {
    NEXT(int, "unlink", const char *); if (is_ours(path) && strike("unlink")) return -1; return real(path);
}
int unlinkat(int at, const char *path, int flags) {
    NEXT(int, "unlinkat", int, const char *, int);
    if (is_ours_at(at, path) && strike("unlinkat")) return -1; return real(at, path, flags);
}
int access(const char *path, int mode) {
    NEXT(int, "access", const char *, int); if (is_ours(path) && strike("access")) return -1; return real(path, mode);
}
int stat64(const char *path, struct stat64 *found) {
    NEXT(int, "stat64", const char *, struct stat64 *); if (is_ours(path) && strike("stat")) return -1; return real(path, found);
}
int stat(const char *path, struct stat *found) {
    NEXT(int, "stat", const char *, struct stat *); if (is_ours(path) && strike("stat")) return -1; return real(path, found);
}
int lstat64(const char *path, struct stat64 *found) {
    NEXT(int, "lstat64", const char *, struct stat64 *); if (is_ours(path) && strike("lstat")) return -1; return real(path, found);
}
int lstat(const char *path, struct stat *found) {
    NEXT(int, "lstat", const char *, struct stat *); if (is_ours(path) && strike("lstat")) return -1; return real(path, found);
}
int fstat64(int fd, struct stat64 *found) {
    NEXT(int, "fstat64", int, struct stat64 *); if (is_open_there(fd) && strike("fstat")) return -1; return real(fd, found);
}
int fstat(int fd, struct stat *found) {
    NEXT(int, "fstat", int, struct stat *); if (is_open_there(fd) && strike("fstat")) return -1; return real(fd, found);
}
int fstatat64(int at, const char *path, struct stat64 *found, int flags) {
    NEXT(int, "fstatat64", int, const char *, struct stat64 *, int);
    if (is_ours_at(at, path) && strike("fstatat")) return -1; return real(at, path, found, flags);
}
off_t lseek64(int fd, off_t to, int whence) {
    NEXT(off_t, "lseek64", int, off_t, int); if (is_open_there(fd) && strike("lseek")) return -1; return real(fd, to, whence);
}
int close(int fd) { NEXT(int, "close", int); return real(fd); }
