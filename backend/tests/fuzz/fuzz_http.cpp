// Heads and chunked bodies as a client may send them, cut at any place.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "http/chunk_decoder.hpp"
#include "http/head_parser.hpp"
#include "http/percent.hpp"
#include "http/static_files.hpp"

namespace http = cruddur::http;

// What every request that gets through must be.
static void check(const http::request& from) {
  const bool path_is_good = from.path == "*" || http::is_valid_path(from.path);
  if (!path_is_good || !http::is_valid_query(from.query)) std::abort();
  if (!http::percent_decode(from.path, http::plus_sign::plus)) std::abort();
  for (const auto& [name, value] : from.headers) {
    const auto same = [&name](const auto& other) { return other.first == name; };
    if (std::ranges::count_if(from.headers, same) != 1) std::abort();
    for (const char c : name) {
      if (static_cast<unsigned char>(c) <= 0x20 || c == ':' || (c >= 'A' && c <= 'Z')) std::abort();
    }
    for (const char c : value) {
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) std::abort();
    }
  }
  from.query_value("a");
  http::static_files{http::embedded_files()}.answer(from);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr http::head_limits bounds{4096, 512};
  constexpr std::size_t body_limit = 2048;
  if (size == 0) return 0;
  // The first byte says where the input is cut, as a slow client would.
  std::string bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  bytes.erase(0, http::empty_lines_before(bytes));
  const std::size_t cut = std::min<std::size_t>(bytes.size(), data[0]);
  std::size_t scanned = 0;
  http::find_head_end(std::string_view{bytes}.substr(0, cut), scanned, bounds);
  const auto end = http::find_head_end(bytes, scanned, bounds);
  if (end.refused || end.length == 0) return 0;

  http::request out;
  http::head_parser parser{out, bounds};
  if (parser.parse({bytes.data(), end.length})) return 0;
  check(out);
  if (!parser.has_body() || !parser.is_chunked()) return 0;
  std::string body;
  std::string_view rest = std::string_view{bytes}.substr(end.length);
  http::chunk_decoder decoder{body_limit, bounds.header_bytes};
  std::string_view first = rest.substr(0, cut);
  if (decoder.take(first, body)) return 0;
  rest.remove_prefix(std::min(cut, rest.size()) - first.size());
  // However the pieces are cut, the outcome is the same.
  http::chunk_decoder whole{body_limit, bounds.header_bytes};
  std::string whole_body;
  std::string_view all = std::string_view{bytes}.substr(end.length);
  const auto refused = decoder.take(rest, body);
  const auto whole_refused = whole.take(all, whole_body);
  if (refused.has_value() != whole_refused.has_value()) std::abort();
  if (!refused && (body != whole_body || rest != all)) std::abort();
  if (body.size() > body_limit) std::abort();
  return 0;
}
