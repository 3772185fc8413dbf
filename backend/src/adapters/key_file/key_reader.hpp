// Reads a key file that another process may be using, extent by extent, and writes nothing.
//
// What is copied while a server destroys keys is either old or new: an extent is read between two
// readings of its header, and again when they differ.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapters/key_file/disk.hpp"
#include "adapters/key_file/format.hpp"
#include "base/secret.hpp"

namespace cruddur::key_file {

// The keys of one extent, in the order of their slots. Of ended ones and such as were never given
// out the bytes mean nothing.
struct key_extent {
  extent_header header;
  std::vector<secret> keys;
};

// Faults are unavailable (keys_unavailable), in words for the operator.
class key_reader {
 public:
  // Fault when it is missing, can be read by others, or is no key file of this format or a
  // truncated one.
  static result<key_reader> open(const std::filesystem::path& path);

  // As it stands in the file now.
  result<identity> self() const;

  // How many there were when the file was opened.
  std::size_t extents() const { return extents_; }

  // Nothing for one that is free. One whose header can't be read has the state `damaged`, and all
  // its keys count as ended.
  result<std::optional<key_extent>> read(std::size_t index) const;

  // By the headers alone. Of extents that are open a server may still hold keys that were not given
  // out: they count as keys.
  result<key_file::space> used_space() const;

  // What key_writer::finish() was given; empty for a file that a server has made.
  result<std::string> note() const;

  // SHA-256 of all extents, as key_writer::finish() gives it.
  result<std::string> digest() const;

 private:
  key_reader(descriptor file, std::filesystem::path path)
      : file_{std::move(file)}, path_{std::move(path)} {}

  result<std::string> bytes(std::uint64_t offset, std::size_t size) const;

  descriptor file_;
  std::filesystem::path path_;
  std::size_t extents_ = 0;
};

}  // namespace cruddur::key_file
