// Files that are inside the binary: the built web client, served with ETag, brotli or gzip made at
// build time, and the client's index for any path that is a page of it.
#pragma once

#include <span>

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

// Made at build time from frontend/dist and the API docs; empty when the binary was built without
// the client.
std::span<const embedded_file> embedded_files();

class static_files {
 public:
  explicit static_files(std::span<const embedded_file> files);

  // The answer for a path that no route has: the file, or index.html when the path could be a page
  // (no extension in its last segment, GET or HEAD, the client accepts HTML), or a 404 problem.
  // Hashed files under /assets/ are cacheable for ever, the rest revalidates.
  response answer(const request& from) const;

 private:
  std::unordered_map<std::string_view, const embedded_file*> by_path_;
};

}  // namespace cruddur::http
