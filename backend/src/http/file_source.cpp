#include "http/file_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cruddur::http {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

// Shared with work in the pool, which may outlive the source when the loop stops.
struct open_file {
  open_file(int number, std::uint64_t bytes) : descriptor{number}, size{bytes} {}
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  ~open_file() { ::close(descriptor); }

  int descriptor;
  std::uint64_t size;
  std::vector<char> piece = {};
};

std::shared_ptr<open_file> open_regular(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return nullptr;
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return nullptr;
  }
  return std::make_shared<open_file>(descriptor, static_cast<std::uint64_t>(status.st_size));
}

// Gives -1 when a read fails or, with RWF_NOWAIT, when it would have to wait for the disk.
ssize_t read_at(const open_file& file, std::span<char> output, std::uint64_t offset, int flags) {
  const iovec part{output.data(), output.size()};
  ssize_t count = 0;
  do {
    count = ::preadv2(file.descriptor, &part, 1, static_cast<off_t>(offset), flags);
  } while (count < 0 && errno == EINTR);
  return count;
}

class file_source final : public body_source {
 public:
  file_source(runtime::blocking_pool& pool, std::shared_ptr<open_file> file)
      : pool_{pool}, file_{std::move(file)} {}

  std::uint64_t size() const override { return file_->size; }

  task<result<std::size_t>> read(std::span<char> output) override {
    const auto piece = output.first(std::min(output.size(), piece_bytes));
    ssize_t count = read_at(*file_, piece, offset_, RWF_NOWAIT);
    if (count < 0) {
      auto read_in_pool = [file = file_, bytes = piece.size(), offset = offset_] {
        file->piece.resize(bytes);
        return read_at(*file, file->piece, offset, 0);
      };
      const auto done = co_await pool_.run(std::move(read_in_pool));
      if (!done) co_return std::unexpected(done.error());
      count = *done;
      if (count > 0)
        std::memcpy(piece.data(), file_->piece.data(), static_cast<std::size_t>(count));
    }
    if (count < 0) {
      co_return fail(fault_kind::unavailable, "file_unreadable", "A file could not be read.");
    }
    offset_ += static_cast<std::uint64_t>(count);
    co_return static_cast<std::size_t>(count);
  }

 private:
  runtime::blocking_pool& pool_;
  std::shared_ptr<open_file> file_;
  std::uint64_t offset_ = 0;
};

}  // namespace

task<result<std::unique_ptr<body_source>>> open_file_source(runtime::blocking_pool& pool,
                                                            std::string path) {
  auto open = [path = std::move(path)] { return open_regular(path); };
  auto file = co_await pool.run(std::move(open));
  if (!file) co_return std::unexpected(file.error());
  if (!*file) co_return fail(fault_kind::not_found, "file_not_found", "There is no such file.");
  co_return std::make_unique<file_source>(pool, std::move(*file));
}

}  // namespace cruddur::http
