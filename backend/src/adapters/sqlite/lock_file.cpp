#include "adapters/sqlite/lock_file.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cruddur::sqlite {

result<lock_file> lock_file::take(const std::filesystem::path& database) {
  const std::string path = database.string() + ".lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(fault_kind::unavailable, "database_unavailable",
                "can't open " + path + ": " + std::generic_category().message(errno));
  }
  lock_file lock{descriptor};
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 24> holder{};
    const auto size = ::pread(descriptor, holder.data(), holder.size() - 1, 0);
    const std::string named =
        size > 0 ? " (process " + std::string{holder.data()} + ")" : std::string{};
    return fail(fault_kind::unavailable, "database_in_use",
                "another process" + named + " is using " + database.string() +
                    "; stop it first, because only one may write there");
  }
  const std::string process = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, process.data(), process.size(), 0) < 0) {
    // The lock holds without the number, which only helps the operator of a process that is
    // refused.
  }
  return lock;
}

lock_file::lock_file(lock_file&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

lock_file::~lock_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace cruddur::sqlite
