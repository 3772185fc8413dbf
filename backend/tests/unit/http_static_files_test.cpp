#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/static_files.hpp"

namespace cruddur::http {
namespace {

using ::testing::HasSubstr;

constexpr embedded_file files[] = {
    {"/index.html", "text/html; charset=utf-8", "\"i1\"", "<html>", {}, {}},
    {"/assets/app-1234.js", "text/javascript", "\"a1\"", "identity", "gzipped", "brotlied"},
    {"/favicon.svg", "image/svg+xml", "\"f1\"", "<svg>", "gz", {}},
};

class static_files_test : public ::testing::Test {
 protected:
  response get(std::string_view path, std::string_view accept_encoding = {},
               std::string_view accept = "text/html,*/*") const {
    request from;
    from.verb = method::get;
    from.path = path;
    from.headers = {{"accept-encoding", accept_encoding}, {"accept", accept}};
    return all_.answer(from);
  }
  static std::string header_of(const response& from, std::string_view name) {
    for (const auto& [key, value] : from.headers) {
      if (key == name) return value;
    }
    return "(absent)";
  }
  static_files all_{files};
};

TEST_F(static_files_test, serves_the_smallest_encoding_that_is_accepted) {
  const auto body = [&](std::string_view accept) {
    return std::string{get("/assets/app-1234.js", accept).body_view()};
  };
  EXPECT_EQ(body("gzip, deflate, br"), "brotlied");
  EXPECT_EQ(body("GZIP"), "gzipped");
  EXPECT_EQ(body("br;q=0, gzip;q=0.5"), "gzipped");
  EXPECT_EQ(body("br;q=0.000, gzip; q=0"), "identity");
  EXPECT_EQ(body(""), "identity");
  EXPECT_EQ(body("brx, xgzip"), "identity");
  const auto answer = get("/assets/app-1234.js", "br");
  EXPECT_EQ(header_of(answer, "content-encoding"), "br");
  EXPECT_EQ(header_of(answer, "vary"), "Accept-Encoding");
}

TEST_F(static_files_test, gives_each_encoding_an_etag_of_its_own) {
  EXPECT_EQ(header_of(get("/assets/app-1234.js"), "etag"), "\"a1\"");
  EXPECT_EQ(header_of(get("/assets/app-1234.js", "gzip"), "etag"), "\"a1-gz\"");
  EXPECT_EQ(header_of(get("/assets/app-1234.js", "br"), "etag"), "\"a1-br\"");
}

TEST_F(static_files_test, lets_hashed_files_be_kept_and_others_be_checked) {
  EXPECT_THAT(header_of(get("/assets/app-1234.js"), "cache-control"), HasSubstr("immutable"));
  EXPECT_EQ(header_of(get("/index.html"), "cache-control"), "no-cache");
  EXPECT_EQ(header_of(get("/favicon.svg"), "cache-control"), "no-cache");
}

TEST_F(static_files_test, answers_paths_of_the_client_with_its_index) {
  for (const char* path : {"/", "/@ann", "/@ann/status/01", "/settings/", "/@ada.b", "/x.y",
                           "/@ada%2Eb", "/v1.2/notes"}) {
    EXPECT_EQ(get(path).body_view(), "<html>") << path;
    EXPECT_EQ(get(path, "", "application/xml, TEXT/HTML;q=0.1").body_view(), "<html>") << path;
  }
  EXPECT_EQ(get("/%69ndex.html").body_view(), "<html>");
}

TEST_F(static_files_test, gives_a_page_in_place_of_a_file_only_to_who_names_html) {
  for (const char* accept : {"", "*/*", "image/*", "text/*", "text/html;q=0, */*", "text/htmlx"}) {
    EXPECT_EQ(get("/x.y", "", accept).status, 404U) << accept;
  }
  EXPECT_EQ(get("/x", "", "*/*").status, 200U);
  EXPECT_EQ(get("/x", "", "text/html;q=0, */*").status, 404U);
}

TEST_F(static_files_test, serves_no_page_below_a_segment_that_begins_with_a_dot) {
  for (const char* path : {"/.well-known/security.txt", "/eu_X/.well-known/openid-configuration",
                           "/%2Ewell-known/x", "/.git/config"}) {
    EXPECT_EQ(get(path).status, 404U) << path;
  }
}

TEST_F(static_files_test, knows_what_is_never_a_page) {
  const static_files mine{files, {"/api"}};
  request from;
  from.verb = method::get;
  for (const char* path : {"/api", "/api/", "/api/nonsense", "/%61pi/nonsense", "/api/x.html"}) {
    from.path = path;
    EXPECT_EQ(mine.answer(from).status, 404U) << path;
  }
  from.path = "/apiary";
  EXPECT_EQ(mine.answer(from).status, 200U);
}

TEST_F(static_files_test, answers_404_for_what_is_no_page) {
  for (const char* path : {"/assets/gone-1.js", "/assets", "/../etc/passwd", "/..", "/a/../b",
                           "/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/.env", "/a/./b"}) {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 404U) << path;
    EXPECT_EQ(answer.content_type, problem_type);
  }
  EXPECT_EQ(get("/@ann", "", "application/json").status, 404U);
  request post;
  post.verb = method::post;
  post.path = "/index.html";
  EXPECT_EQ(all_.answer(post).status, 404U);
}

TEST_F(static_files_test, says_so_when_the_client_was_left_out) {
  const static_files none{{}};
  request from;
  from.verb = method::get;
  from.path = "/";
  const auto answer = none.answer(from);
  EXPECT_EQ(answer.status, 200U);
  EXPECT_THAT(std::string{answer.body_view()}, HasSubstr("built without the web client"));
}

TEST(embedded_files, have_quoted_etags_types_and_only_smaller_encodings) {
  for (const auto& each : embedded_files()) {
    EXPECT_TRUE(each.path.starts_with('/'));
    EXPECT_TRUE(each.etag.starts_with('"') && each.etag.ends_with('"')) << each.path;
    EXPECT_FALSE(each.content_type.empty()) << each.path;
    EXPECT_TRUE(each.gzip.empty() || each.gzip.size() < each.identity.size()) << each.path;
    EXPECT_TRUE(each.brotli.empty() || each.brotli.size() < each.identity.size()) << each.path;
    EXPECT_EQ(find_file(embedded_files(), each.path), &each);
  }
  EXPECT_EQ(find_file(embedded_files(), "/no such file"), nullptr);
}

}  // namespace
}  // namespace cruddur::http
