// Files that are inside the binary: the built web client, served with ETag, brotli or gzip made at
// build time, and the client's index for any path that is a page of it.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/message.hpp"

namespace cruddur::http {

struct embedded_file {
  std::string_view path;  // "/assets/index-abc123.js"
  std::string_view content_type;
  std::string_view etag;  // quoted
  std::string_view identity;
  std::string_view gzip;    // "" when it would not be smaller
  std::string_view brotli;  // likewise
};

// Made at build time (cmake/EmbedFiles.cmake) from frontend/dist at "/" and the API docs at
// "/api/"; empty when the binary was built without the client.
std::span<const embedded_file> embedded_files();

// Null when there is none.
const embedded_file* find_file(std::span<const embedded_file> files, std::string_view path);

// The answer with a file's bytes, in the smallest encoding that the request accepts.
response file_response(const embedded_file& file, const request& request);

class static_files {
 public:
  // Without an index.html among the files, pages get one that says the client was left out. Each of
  // `not_pages` ("/api") and all below it belongs to programs and is never a page.
  explicit static_files(std::span<const embedded_file> files,
                        std::vector<std::string_view> not_pages = {});

  // The answer for a path that no route has: the file, or index.html when the path could be a page,
  // or a 404 problem. Paths are compared percent-decoded. A page is read (GET or HEAD) by somebody
  // who accepts HTML, by name where the last segment has a dot, as files have; no segment of it
  // begins with a dot ("/..", "/.env", "/.well-known/x"). Hashed files under /assets/ are cacheable
  // for ever, the rest revalidates.
  response answer(const request& request) const;

 private:
  bool is_page(std::string_view path, std::string_view accept) const;

  std::unordered_map<std::string_view, const embedded_file*> by_path_;
  std::vector<std::string_view> not_pages_;
};

}  // namespace cruddur::http
