#include "http/static_files.hpp"

#include <algorithm>
#include <optional>

#include "http/media_type.hpp"
#include "http/percent.hpp"
#include "http/problem.hpp"
#include "http/text.hpp"

namespace cruddur::http {
namespace {

constexpr std::string_view index_path = "/index.html";
constexpr std::string_view html_type = "text/html";
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

bool is_within(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// The path decoded; nothing when an escaped '/' hides in a segment, which no file or page has.
std::optional<std::string> decoded_path(std::string_view path) {
  const auto escaped_slash = [](std::string_view text) {
    return text.find("%2f") != std::string_view::npos || text.find("%2F") != std::string_view::npos;
  };
  if (escaped_slash(path)) return std::nullopt;
  return percent_decode(path, plus_sign::plus);
}

}  // namespace

const embedded_file* find_file(std::span<const embedded_file> files, std::string_view path) {
  for (const embedded_file& each : files) {
    if (each.path == path) return &each;
  }
  return nullptr;
}

response file_response(const embedded_file& file, const request& request) {
  const bool hashed = file.path.starts_with("/assets/");
  response out{200, file.content_type, file.identity, {}};
  out.headers.emplace_back("cache-control",
                           hashed ? "public, max-age=31536000, immutable" : "no-cache");
  const bool has_variants = !file.gzip.empty() || !file.brotli.empty();
  const std::string_view accept = request.header("accept-encoding");
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

bool static_files::is_page(std::string_view path, std::string_view accept) const {
  const bool reserved = std::ranges::any_of(
      not_pages_, [&](std::string_view folder) { return is_within(path, folder); });
  if (reserved || is_within(path, "/assets")) return false;
  if (path.find("/.") != std::string_view::npos) return false;
  const bool has_dot = path.find('.', path.rfind('/')) != std::string_view::npos;
  return has_dot ? accepts_by_name(accept, html_type) : accepts(accept, html_type);
}

response static_files::answer(const request& request) const {
  const bool reads = request.verb == method::get || request.verb == method::head;
  const auto path = reads ? decoded_path(request.path) : std::nullopt;
  if (path) {
    const auto found = by_path_.find(*path);
    if (found != by_path_.end()) return file_response(*found->second, request);
    if (is_page(*path, request.header("accept"))) {
      const auto index = by_path_.find(index_path);
      if (index != by_path_.end()) return file_response(*index->second, request);
      return {
          200, "text/html; charset=utf-8", page_without_client, {{"cache-control", "no-cache"}}};
    }
  }
  return to_problem(make_fault(fault_kind::not_found, "path_not_found", "Nothing is at this path."),
                    request.request_id);
}

}  // namespace cruddur::http
