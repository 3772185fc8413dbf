// Makes a key file that holds given keys under their own slots: a copy of another, or the keys of a
// table.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/key_file/disk.hpp"
#include "adapters/key_file/key_reader.hpp"
#include "base/running_digest.hpp"

namespace cruddur::key_file {

// Faults are unavailable (keys_unavailable), in words for the operator. A file that was not
// finished is no key file.
class key_writer {
 public:
  // What fits into a note.
  static constexpr std::size_t longest_note = 2048;

  // A new file, readable by its owner only; what a stopped attempt left there is shredded first.
  static result<key_writer> create(const std::filesystem::path& path);

  // Each number once. Ended keys are written as fresh random bytes, and an extent all of whose keys
  // have ended is left out.
  result<> append(const key_extent& extent);

  // Writes the header and waits for the disk. No slot of a number up to the generation is given out
  // again. The note is kept beside the keys, as it is.
  result<> finish(const identity& self, std::string_view note = {});

  // SHA-256 of all extents.
  std::string digest() { return digest_.finish(); }

 private:
  key_writer(descriptor file, std::filesystem::path path)
      : file_{std::move(file)}, path_{std::move(path)} {}

  descriptor file_;
  std::filesystem::path path_;
  std::size_t extents_ = 0;
  running_digest digest_;
};

}  // namespace cruddur::key_file
