#include "adapters/key_file/disk.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/random.hpp"

namespace cruddur::key_file {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shred_step = std::size_t{1} << 20;

result<> overwrite(int file, const fs::path& path) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return cannot("read", path, errno);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  for (std::uint64_t done = 0; done < size; done += shred_step) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(shred_step, size - done));
    if (const int error = write_all(file, random_bytes(step), done); error != 0) {
      return cannot("overwrite", path, error);
    }
  }
  if (::fdatasync(file) != 0) return cannot("overwrite", path, errno);
  return {};
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  std::swap(number, other.number);
  return *this;
}

descriptor::~descriptor() {
  if (number >= 0) ::close(number);
}

std::unexpected<fault> refuse(std::string sentence) {
  return fail(fault_kind::unavailable, "keys_unavailable", std::move(sentence));
}

std::unexpected<fault> cannot(std::string_view action, const fs::path& path, int error) {
  std::string sentence{"can't "};
  sentence.append(action).append(" ").append(path.string()).append(": ");
  return refuse(sentence.append(std::strerror(error)));
}

ssize_t read_all(int file, char* bytes, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count =
        ::pread(file, bytes + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

int write_all(int file, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return 0;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path{"."};
}

result<> make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) return cannot("make the folder", folder, error.value());
  return {};
}

result<> sync_folder(const fs::path& folder) {
  const descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.number < 0 || ::fsync(opened.number) != 0) {
    return cannot("sync the folder", folder, errno);
  }
  return {};
}

result<descriptor> open_private(const fs::path& path, int mode) {
  descriptor opened{::open(path.c_str(), mode | O_CLOEXEC | O_NOFOLLOW)};
  struct stat status{};
  if (opened.number < 0 || ::fstat(opened.number, &status) != 0) {
    return cannot("open", path, errno);
  }
  if ((status.st_mode & 077U) != 0) {
    return refuse(path.string() + " can be read by others; make it private with chmod 600");
  }
  return opened;
}

// /proc/locks has a line a lock, with the file's device and inode: "… fe:01:1234 0 EOF".
bool is_held(const fs::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return false;
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), " %02x:%02x:%llu ", major(status.st_dev),
                minor(status.st_dev), static_cast<unsigned long long>(status.st_ino));
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    if (line.contains("FLOCK") && line.contains(place.data())) return true;
  }
  return false;
}

result<> shred(const fs::path& path) {
  const descriptor opened{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (opened.number < 0 && errno == ENOENT) return {};
  if (opened.number < 0) return cannot("open", path, errno);
  if (auto done = overwrite(opened.number, path); !done) return done;
  if (::unlink(path.c_str()) != 0) return cannot("remove", path, errno);
  return sync_folder(folder_of(path));
}

result<> discard(const fs::path& path, const fs::path& aside) {
  if (auto done = shred(aside); !done) return done;
  if (::rename(path.c_str(), aside.c_str()) != 0) return cannot("rename", path, errno);
  if (auto done = sync_folder(folder_of(path)); !done) return done;
  return shred(aside);
}

// Where the file system can't exchange two names, the former file is held open over the renaming,
// and overwritten without a name.
result<> put_in_place(const fs::path& fresh, const fs::path& target) {
  const descriptor former{::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (former.number < 0 && errno != ENOENT) return cannot("open", target, errno);
  const bool is_exchanged = former.number >= 0 && ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD,
                                                              target.c_str(), RENAME_EXCHANGE) == 0;
  if (!is_exchanged && ::rename(fresh.c_str(), target.c_str()) != 0) {
    return cannot("write", target, errno);
  }
  if (auto done = sync_folder(folder_of(target)); !done) return done;
  if (is_exchanged) return shred(fresh);
  return former.number < 0 ? result<>{} : overwrite(former.number, target);
}

}  // namespace cruddur::key_file
