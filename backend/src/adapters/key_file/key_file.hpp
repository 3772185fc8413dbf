// Content keys in one file that never grows old copies of them: a key is destroyed by overwriting
// its 32 bytes in place.
//
// The file is a header page and then extents, each a header page and 1,024 keys that are filled
// with random bytes before the first of them is given out. So reserving a key writes nothing: one
// fdatasync(2) when an extent is opened covers 1,024 reservations.
//
//   page 0     magic, format, file id (16 bytes), generation, number of extents
//   extent     page: number, state, term, one bit for each key that has ended; then 1,024 × 32
//
// Both headers end in a checksum and lie in the first 512 bytes of their page, which disks write
// whole. What lies behind the last extent was never used.
//
// A slot is number × 1,024 + index. An extent's number is new each time that it is opened, so a
// slot never comes back and destroying one twice is harmless. An extent all of whose keys have
// ended is opened again under the next number. Integers are little-endian.
//
// Keys are read by pread(2) and not by mmap(2): a page that the disk can't read is then an error of
// that read, where a mapping would kill the process.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/key_file/keys_ahead.hpp"
#include "base/fault.hpp"
#include "base/uuid.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::key_file {

enum class extent_state : std::uint8_t;

inline constexpr std::size_t page_size = 4096;
inline constexpr std::size_t keys_in_extent = 1024;
inline constexpr std::size_t extent_size = page_size + keys_in_extent * secret::size;

struct identity {
  uuid id;
  // Grows with each 1,024 keys: a file with a smaller one than it once had is an older copy. No
  // extent has a greater number.
  std::uint64_t generation = 0;
};

// An open extent as it was found: which of its keys are in use only the database knows.
struct open_range {
  key_slot first;
  std::size_t count;
};

// Thread-safe. All but load(), take() and ready() write: call them where that may block. Faults
// are unavailable (keys_unavailable), in words for the operator; a key of the file is never part of
// them.
class key_file {
 public:
  // Makes a new file, with its folder (mode 0700), readable by its owner only. Fault when there is
  // one already.
  static result<> create(const std::filesystem::path& path);

  // Opens the file and keeps every other process away from it until this ends. Fault when it is
  // missing, can be read by others, is used by another process, or is no key file of this format or
  // a truncated one. Nothing is written.
  static result<std::unique_ptr<key_file>> open(const std::filesystem::path& path);

  ~key_file();
  key_file(const key_file&) = delete;
  key_file& operator=(const key_file&) = delete;

  identity self() const;

  // Extents that were open when the file was last used, or are open now.
  std::vector<open_range> open_ranges() const;

  // Closes such an extent: its keys whose slots are not in `used` (in any order) are destroyed.
  result<> settle(key_slot first, std::span<const key_slot> used);

  // The slots of one extent whose keys have not ended, whoever uses them; index <
  // used_space().extents.
  std::vector<key_slot> slots(std::size_t index) const;

  // Slots of numbers up to this one are not given out any more.
  result<> pass(std::uint64_t number);

  // Opens extents until `count` keys are ready to be taken.
  result<> prepare(std::size_t count, key_term term);

  // Up to `count` keys that are ready; fewer when the open extents hold no more.
  result<std::vector<reserved_key>> take(std::size_t count, key_term term);
  std::size_t ready(key_term term) const;

  // Nothing for a key that was destroyed or is unknown.
  result<std::optional<secret>> load(key_slot slot) const;

  result<> destroy(std::span<const key_slot> slots);

  // Extents in all, and of these such as can be opened anew.
  struct space {
    std::size_t extents;
    std::size_t free;
    // Whose header can't be read; the contents of their keys are lost.
    std::size_t damaged;
    // Given out and not ended.
    std::uint64_t keys;
  };
  space used_space() const;

 private:
  struct extent {
    std::uint64_t number = 0;
    extent_state condition{};
    key_term term = key_term::hours;
    std::bitset<keys_in_extent> ended;
    // Keys before this one have been given out.
    std::size_t next = 0;
    // Closed here and still open in the file.
    bool is_header_stale = false;
  };

  key_file(int descriptor, std::filesystem::path path)
      : descriptor_{descriptor}, path_{std::move(path)} {}

  result<> read_headers();
  void read_extent(std::size_t index, std::string_view header);
  result<> open_extent(key_term term);
  result<std::size_t> free_extent();
  int write_opened(std::size_t index, const extent& content, const identity& self);
  // These give an errno, 0 when they are done.
  int write_closed();
  int write_file_header(const identity& self, std::size_t extents);
  int write_extent_header(std::size_t index, const extent& content);
  int overwrite_keys(std::size_t index, std::size_t first, std::size_t count);
  int sync();
  std::unexpected<fault> failure(std::string_view action, int error) const;

  int descriptor_;
  std::filesystem::path path_;
  identity self_;
  std::uint64_t last_number_ = 0;
  // Held by whoever writes, for as long as the disk takes.
  std::mutex writing_;
  // Held while the members below are read or changed, never while the disk is waited for but by
  // load(), which reads a key that nobody may give to another content meanwhile.
  mutable std::shared_mutex mutex_;
  std::vector<extent> extents_;
  std::unordered_map<std::uint64_t, std::size_t> by_number_;
  std::array<std::vector<std::size_t>, key_terms> open_;
  std::array<keys_ahead, key_terms> ahead_;
};

}  // namespace cruddur::key_file
