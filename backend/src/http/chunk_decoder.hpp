// Takes the chunked transfer coding (RFC 9112, section 7.1) off a body that comes in any pieces.
// Strict: whole CR LF only, sizes of up to 16 hexadecimal digits, nothing between a size and its
// ';' or line end. Extensions and trailers are skipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/refusal.hpp"

namespace cruddur::http {

class chunk_decoder {
 public:
  // `body_limit` for the content; `skipped_limit` for all extensions and trailers together.
  chunk_decoder(std::size_t body_limit, std::size_t skipped_limit)
      : body_limit_{body_limit}, skipped_limit_{skipped_limit} {}

  // Takes bytes off the front of `bytes` until there are none or the body is done, and appends the
  // content to `body`. After a refusal it is of no more use.
  std::optional<refusal> take(std::string_view& bytes, std::string& body);
  bool done() const { return state_ == state::done; }

 private:
  enum class state {
    size,       // hexadecimal digits
    extension,  // up to CR
    size_end,   // LF
    content,
    content_cr,
    content_lf,
    line_start,   // of a trailer, or CR of the empty line
    trailer,      // up to CR
    trailer_end,  // LF
    last_lf,
    done,
  };

  std::optional<refusal> take_byte(char c, std::size_t body_size);
  std::optional<refusal> take_size(char c, std::size_t body_size);
  bool expect(char c, char wanted, state next);
  bool skip(char c);

  std::size_t body_limit_;
  std::size_t skipped_limit_;
  state state_ = state::size;
  unsigned digits_ = 0;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t skipped_ = 0;
};

}  // namespace cruddur::http
