// Reads the body that follows the head of a request: into memory, or piece by piece into a sink. A
// piece is awaited until the sink has taken it, so that a slow sink slows its sender and nobody
// else, and no more than one piece is in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "http/chunk_decoder.hpp"
#include "http/client_stream.hpp"
#include "http/head_parser.hpp"
#include "http/refusal.hpp"
#include "http/server.hpp"

namespace cruddur::http {

class body_reader {
 public:
  struct client_gone {};
  // Why there is no body. A fault is the sink's.
  using failure = std::variant<client_gone, refusal, fault>;
  template <class T>
  using outcome = std::expected<T, failure>;

  // Both outlive it.
  body_reader(client_stream& stream, const limits& bounds) : stream_{stream}, bounds_{bounds} {}

  // Begins a request whose head is the first `head_bytes` of the input.
  void begin(std::size_t head_bytes);
  // Refuses a body whose head says that it has more than `limit` bytes. One in chunks is measured
  // while it comes.
  static std::optional<refusal> check_length(const head_parser& head, std::size_t limit);
  // The whole body, of at most `limit` bytes. It stays in place until finish().
  task<outcome<std::string_view>> read(const head_parser& head, std::size_t limit);
  // Gives a body of at most `limit` bytes to the sink, and tells it the end. Passes on what the
  // sink throws.
  task<outcome<void>> stream(const head_parser& head, std::size_t limit, body_sink& sink);
  // Leaves the body unread; false when some of it is yet to come.
  bool skip(const head_parser& head);
  // Takes the request off the input; what came behind it stays.
  void finish();

 private:
  task<outcome<std::string_view>> read_sized(std::size_t length);
  task<outcome<std::string_view>> read_chunked(std::size_t limit);
  task<outcome<void>> stream_sized(std::uint64_t length, body_sink& sink);
  task<outcome<void>> stream_chunked(std::size_t limit, body_sink& sink);
  // Reads one piece of at least a byte before the deadline.
  task<outcome<std::size_t>> read_piece(std::span<char> room, std::int64_t deadline);
  task<outcome<void>> await_sink(task<result<>> step);
  std::string_view input_behind_head();
  // Takes the bytes behind the head out of the input.
  std::string take_input();
  void allow_continue(const head_parser& head);

  client_stream& stream_;
  const limits& bounds_;
  std::size_t head_bytes_ = 0;
  std::size_t used_ = 0;  // bytes of the input that belong to the request
  std::string body_;      // when it isn't whole within the input
  std::string surplus_;   // what came behind a chunked body
};

}  // namespace cruddur::http
