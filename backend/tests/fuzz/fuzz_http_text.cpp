// Small texts from requests: queries, entity tags, forwarded addresses; and log lines made of them.
#include <cstdint>
#include <cstdlib>

#include <boost/json/parse.hpp>

#include "http/credentials.hpp"
#include "http/etag.hpp"
#include "http/media_type.hpp"
#include "http/percent.hpp"
#include "http/trusted_proxies.hpp"
#include "telemetry/log_line.hpp"

namespace http = cruddur::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cruddur::address_block;
  static const http::trusted_proxies proxies{
      {*address_block::parse("0.0.0.0/1"), *address_block::parse("::/1")}};
  static const auto peer = boost::asio::ip::make_address("10.0.0.1");
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  http::find_query_value(text, "cursor");
  http::percent_decode(text, http::plus_sign::space);
  http::none_match_names(text, "\"a\"");
  http::is_media_type(text, "application/json");
  const bool by_name = http::accepts_by_name(text, "text/html");
  if (by_name && !http::accepts(text, "text/html")) std::abort();
  http::bearer_token(text);
  if (const auto block = address_block::parse(text)) {
    if (address_block::parse(block->text())->text() != block->text()) std::abort();
  }
  boost::system::error_code error;
  boost::asio::ip::make_address(proxies.client_address(peer, text), error);
  if (error) std::abort();
  const auto line =
      cruddur::telemetry::json_line({}, cruddur::log_level::info, text, {{"value", text}});
  if (line.find('\n') != std::string::npos) std::abort();
  boost::json::parse(line, error);
  if (error) std::abort();
  return 0;
}
