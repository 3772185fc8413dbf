#include "user_pool/secret_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "user_pool/key_ring.hpp"

namespace cruddur::user_pool {
namespace {

namespace fs = std::filesystem;

struct descriptor {
  int fd;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::unexpected<fault> cannot(std::string_view step, const fs::path& path, int error) {
  std::string detail{"can't "};
  detail.append(step).append(" ").append(path.string()).append(": ").append(std::strerror(error));
  return fail(fault_kind::unavailable, "secret_unavailable", std::move(detail));
}

std::unexpected<fault> refuse(const fs::path& path, std::string_view reason) {
  return fail(fault_kind::unavailable, "secret_unavailable", path.string().append(reason));
}

result<std::string> load(const fs::path& path) {
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.fd < 0) return cannot("read", path, errno);
  struct stat status{};
  if (::fstat(file.fd, &status) != 0) return cannot("read", path, errno);
  if ((status.st_mode & 077U) != 0) {
    return refuse(path, " can be read by others; make it private with chmod 600");
  }
  std::array<char, 2 * pool_secret_bytes + 2> text{};
  const ssize_t size = ::read(file.fd, text.data(), text.size());
  if (size < 0) return cannot("read", path, errno);
  std::string_view line{text.data(), static_cast<std::size_t>(size)};
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto secret = from_hex(line);
  if (!secret || secret->size() != pool_secret_bytes) {
    return refuse(path, " does not hold a secret (one line of 64 hexadecimal digits)");
  }
  return std::move(*secret);
}

void sync_folder(const fs::path& folder) {
  const descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.fd >= 0) ::fsync(opened.fd);
}

}  // namespace

result<std::string> load_or_create_secret(const fs::path& path) {
  if (::access(path.c_str(), F_OK) == 0) return load(path);

  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  std::error_code error;
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) return cannot("make the folder", folder, error.value());

  const fs::path draft = path.string() + "." + to_hex(random_bytes(8));
  {
    const descriptor file{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.fd < 0) return cannot("write", draft, errno);
    const std::string line = to_hex(random_bytes(pool_secret_bytes)) + "\n";
    if (::write(file.fd, line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
        ::fsync(file.fd) != 0) {
      const int error_number = errno;
      ::unlink(draft.c_str());
      return cannot("write", draft, error_number);
    }
  }
  // link() makes the whole file appear at once, and leaves the one of a process that was faster.
  const int linked = ::link(draft.c_str(), path.c_str());
  const int error_number = errno;
  ::unlink(draft.c_str());
  if (linked != 0 && error_number != EEXIST) return cannot("write", path, error_number);
  sync_folder(folder);
  return load(path);
}

}  // namespace cruddur::user_pool
