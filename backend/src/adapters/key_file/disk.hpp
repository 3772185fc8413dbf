// Reading and writing files of keys: whole pieces, private files, and overwriting at the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>

#include "base/fault.hpp"

namespace cruddur::key_file {

// A file descriptor that is closed at its end; -1 for none.
struct descriptor {
  explicit descriptor(int opened = -1) : number{opened} {}
  descriptor(descriptor&& other) noexcept : number{other.release()} {}
  descriptor& operator=(descriptor&& other) noexcept;
  ~descriptor();

  int release() { return std::exchange(number, -1); }

  int number;
};

// Faults are unavailable (keys_unavailable), in words for the operator.
std::unexpected<fault> refuse(std::string sentence);
std::unexpected<fault> cannot(std::string_view action, const std::filesystem::path& path,
                              int error);

// All of the bytes, or less at the end of the file; -1 and errno.
ssize_t read_all(int file, char* bytes, std::size_t size, std::uint64_t offset);

// An errno, 0 when all is written.
int write_all(int file, std::string_view bytes, std::uint64_t offset);

// "." for a bare name.
std::filesystem::path folder_of(const std::filesystem::path& path);

// With mode 0700 where there was none.
result<> make_folder(const std::filesystem::path& folder);
result<> sync_folder(const std::filesystem::path& folder);

// Fault when it is missing, a link, or can be read by others. `mode`: O_RDONLY or O_RDWR.
result<descriptor> open_private(const std::filesystem::path& path, int mode);

// Whether a process on this machine holds a lock on the file. Takes none to find out.
bool is_held(const std::filesystem::path& path);

// Overwrites a file with random bytes, waits until they are on the disk, and removes it. Nothing
// when there is none.
result<> shred(const std::filesystem::path& path);

// Shreds it under the name `aside`, of the same folder, so that what a crash leaves half
// overwritten is told from a file in use by its name: shred it there.
result<> discard(const std::filesystem::path& path, const std::filesystem::path& aside);

// Puts the file `fresh`, of the same folder, into the place of `target` at once, and shreds what
// was there. A crash in between leaves the former one at `fresh`: shred it there.
result<> put_in_place(const std::filesystem::path& fresh, const std::filesystem::path& target);

}  // namespace cruddur::key_file
