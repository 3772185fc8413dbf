#include "http/static_files.hpp"

#include <algorithm>

#include "http/problem.hpp"
#include "http/text.hpp"

namespace cruddur::http {
namespace {

constexpr std::string_view index_path = "/index.html";
constexpr std::string_view page_without_client =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Cruddur</title>"
    "<h1>Cruddur</h1><p>This server runs, but its program was built without the web client.</p>"
    "<p>The API is at <code>/api/</code>.</p></html>";

// Whether Accept-Encoding allows a coding by name (RFC 9110, section 12.5.3). A weight of 0
// forbids.
bool accepts_coding(std::string_view accept, std::string_view coding) {
  while (!accept.empty()) {
    std::string_view parameters = take_until(accept, ',');
    const std::string_view name = trim(take_until(parameters, ';'));
    if (!equal_ignoring_case(name, coding)) continue;
    std::string_view weight = trim(parameters);
    if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return true;
    return weight.substr(2).find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

// `"abc"` as `"abc-br"`: each encoding is a representation of its own.
std::string variant_etag(std::string_view etag, std::string_view suffix) {
  std::string out{etag};
  out.insert(out.size() - 1, suffix);
  return out;
}

// A page of the client has no extension in its last segment and no dot segments.
bool could_be_page(std::string_view path) {
  return path.substr(path.rfind('/')).find('.') == std::string_view::npos &&
         path.find("/../") == std::string_view::npos &&
         path.find("/./") == std::string_view::npos && path.find("%2f") == std::string_view::npos &&
         path.find("%2F") == std::string_view::npos && path.find("%2e") == std::string_view::npos &&
         path.find("%2E") == std::string_view::npos;
}

bool accepts_html(std::string_view accept) {
  return accept.empty() || accept.find("text/html") != std::string_view::npos ||
         accept.find("*/*") != std::string_view::npos;
}

}  // namespace

const embedded_file* find_file(std::span<const embedded_file> files, std::string_view path) {
  for (const embedded_file& each : files) {
    if (each.path == path) return &each;
  }
  return nullptr;
}

response file_response(const embedded_file& file, const request& from) {
  const bool hashed = file.path.starts_with("/assets/");
  response out{200, file.content_type, file.identity, {}};
  out.headers.emplace_back("cache-control",
                           hashed ? "public, max-age=31536000, immutable" : "no-cache");
  const bool has_variants = !file.gzip.empty() || !file.brotli.empty();
  const std::string_view accept = from.header("accept-encoding");
  if (!file.brotli.empty() && accepts_coding(accept, "br")) {
    out.body = file.brotli;
    out.headers.emplace_back("content-encoding", "br");
    out.headers.emplace_back("etag", variant_etag(file.etag, "-br"));
  } else if (!file.gzip.empty() && accepts_coding(accept, "gzip")) {
    out.body = file.gzip;
    out.headers.emplace_back("content-encoding", "gzip");
    out.headers.emplace_back("etag", variant_etag(file.etag, "-gz"));
  } else {
    out.headers.emplace_back("etag", file.etag);
  }
  if (has_variants) out.headers.emplace_back("vary", "Accept-Encoding");
  return out;
}

static_files::static_files(std::span<const embedded_file> files,
                           std::vector<std::string_view> not_pages)
    : not_pages_{std::move(not_pages)} {
  by_path_.reserve(files.size());
  for (const embedded_file& each : files) by_path_.emplace(each.path, &each);
}

response static_files::answer(const request& from) const {
  if (from.verb == method::get || from.verb == method::head) {
    const auto found = by_path_.find(from.path);
    if (found != by_path_.end()) return file_response(*found->second, from);
    const bool reserved = std::ranges::any_of(
        not_pages_, [&](std::string_view prefix) { return from.path.starts_with(prefix); });
    if (!reserved && could_be_page(from.path) && accepts_html(from.header("accept"))) {
      const auto index = by_path_.find(index_path);
      if (index != by_path_.end()) return file_response(*index->second, from);
      return {
          200, "text/html; charset=utf-8", page_without_client, {{"cache-control", "no-cache"}}};
    }
  }
  return to_problem(
      {fault_kind::not_found, {"path_not_found"}, "Nothing is at this path.", {}, std::nullopt},
      from.request_id);
}

}  // namespace cruddur::http
