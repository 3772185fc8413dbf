// Any bytes as requests: heads and chunked bodies are read or refused, whole or in pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/head_parser.hpp"
#include "http/percent.hpp"

using namespace cruddur::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr head_limits bounds{16 * 1024, 4 * 1024, 64 * 1024};
  std::string bytes{reinterpret_cast<const char*>(data), size};

  std::size_t scanned = 0;
  const auto whole = find_head_end(bytes, scanned, bounds);
  if (whole.refused || whole.length == 0) return 0;
  if (whole.length > bytes.size()) std::abort();

  request out;
  head_parser parser{out, bounds};
  if (parser.parse({bytes.data(), whole.length})) return 0;
  if (!out.path.starts_with('/') && out.path != "*") std::abort();
  (void)percent_decode(out.path, plus_sign::plus);
  (void)out.query_value("cursor");

  std::string body;
  std::size_t at = whole.length;
  while (parser.is_chunked() && !parser.chunks_done() && at < bytes.size()) {
    const auto step = parser.take_chunks(std::string_view{bytes}.substr(at), body);
    if (step.refused || step.taken == 0) break;
    at += step.taken;
    if (at > bytes.size() || body.size() > bounds.body_bytes) std::abort();
  }
  return 0;
}
