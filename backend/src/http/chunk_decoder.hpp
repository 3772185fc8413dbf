// Takes the chunked transfer coding (RFC 9112, section 7.1) off a body that comes in any pieces.
// Strict: whole CR LF only, sizes of up to 16 hexadecimal digits, nothing between a size and its
// ';' or line end. Extensions and trailers are skipped. Beast's parser is not used for it
// (Boost 1.74): it takes a lone LF in a quoted extension, where a proxy may see another request
// begin, and fails an assertion when an empty body's trailer comes in pieces.
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
  // content to `body`, which the caller may empty between calls. After a refusal it is of no more
  // use.
  std::optional<refusal> take(std::string_view& bytes, std::string& body);
  bool done() const { return state_ == state::done; }

 private:
  enum class state {
    size,              // hexadecimal digits
    before_semicolon,  // blanks that only another extension may follow
    before_name,       // of an extension, after ';'
    name,
    after_name,    // blanks, then '=' or ';'
    before_value,  // after '='
    token_value,
    quoted_value,
    quoted_pair,
    after_quoted_value,
    size_end,  // LF
    content,
    content_cr,
    content_lf,
    trailer_start,  // a name, or CR of the empty line
    trailer_name,
    trailer_value,  // up to CR
    trailer_end,    // LF
    last_lf,
    done,
  };

  // Each is false for a byte that may not stand there.
  bool take_extension_byte(char c);
  bool take_trailer_byte(char c);
  bool end_extension(char c);
  bool go(bool allowed, state next);

  std::optional<refusal> take_byte(char c);
  std::optional<refusal> take_size(char c);
  bool count_skipped();

  std::size_t body_limit_;
  std::size_t skipped_limit_;
  state state_ = state::size;
  unsigned digits_ = 0;
  // Of the chunk, and of the content so far.
  std::uint64_t left_ = 0;
  std::size_t taken_ = 0;
  std::size_t skipped_ = 0;
};

}  // namespace cruddur::http
