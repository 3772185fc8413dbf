// Preloaded (LD_PRELOAD) into a program under test, this library plays a broken disk. While a file
// named `.enospc` lies in the folder $CRUDDUR_IO_FAULT_DIR, writes to files under that folder fail
// as on a full disk; while `.eio` lies there, writes and syncs fail as on a broken one; while
// `.erofs` lies there, writes fail as on one that was made read-only. Reads, and files elsewhere,
// are never touched. While `.emfile` lies there, no connection can be accepted, as when a process
// has all the descriptors that it may have.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum class action { write, sync };

template <class F>
F next(const char* name) {
  return reinterpret_cast<F>(::dlsym(RTLD_NEXT, name));
}

bool exists(const char* folder, const char* name) {
  char path[4096];
  std::snprintf(path, sizeof path, "%s/%s", folder, name);
  return ::access(path, F_OK) == 0;
}

bool lies_under(int descriptor, const char* folder) {
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link, path, sizeof path);
  const auto length = std::strlen(folder);
  return size > static_cast<ssize_t>(length) && std::strncmp(path, folder, length) == 0 &&
         path[length] == '/';
}

// The error that the call must fail with, or 0.
int fault_for(int descriptor, action what) {
  static const char* const folder = std::getenv("CRUDDUR_IO_FAULT_DIR");
  if (!folder) return 0;
  const int kept = errno;
  int error = 0;
  if (lies_under(descriptor, folder)) {
    if (exists(folder, ".eio")) error = EIO;
    if (what == action::write && exists(folder, ".enospc")) error = ENOSPC;
    if (what == action::write && exists(folder, ".erofs")) error = EROFS;
  }
  errno = kept;
  return error;
}

template <class F, class... Arguments>
auto call(const char* name, action what, int descriptor, Arguments... arguments) {
  using returned = decltype(F{}(descriptor, arguments...));
  if (const int error = fault_for(descriptor, what)) {
    errno = error;
    return returned{-1};
  }
  return next<F>(name)(descriptor, arguments...);
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
  return call<ssize_t (*)(int, const void*, size_t)>("write", action::write, descriptor, data,
                                                     size);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t at) {
  return call<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite", action::write, descriptor,
                                                            data, size, at);
}

ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t at) {
  return call<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64", action::write, descriptor,
                                                              data, size, at);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  return call<ssize_t (*)(int, const iovec*, int)>("writev", action::write, descriptor, parts,
                                                   count);
}

int fallocate(int descriptor, int mode, off_t at, off_t size) {
  return call<int (*)(int, int, off_t, off_t)>("fallocate", action::write, descriptor, mode, at,
                                               size);
}

int fsync(int descriptor) {
  return call<int (*)(int)>("fsync", action::sync, descriptor);
}

int fdatasync(int descriptor) {
  return call<int (*)(int)>("fdatasync", action::sync, descriptor);
}

int accept(int listener, sockaddr* peer, socklen_t* size) {
  static const char* const folder = std::getenv("CRUDDUR_IO_FAULT_DIR");
  if (folder && exists(folder, ".emfile")) {
    errno = EMFILE;
    return -1;
  }
  return next<int (*)(int, sockaddr*, socklen_t*)>("accept")(listener, peer, size);
}

}  // extern "C"
