#include "adapters/smtp/smtp_mailer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <curl/curl.h>

#include "adapters/smtp/message.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace cruddur::smtp {
namespace {

struct server_address {
  std::string url;   // without user and password
  std::string name;  // host:port
  std::string user;
  std::string password;
};

struct curl_deleter {
  void operator()(CURL* held) const { curl_easy_cleanup(held); }
  void operator()(curl_slist* held) const { curl_slist_free_all(held); }
};

std::unexpected<fault> bad_option(std::string detail) {
  return fail(fault_kind::invalid, "smtp_invalid", std::move(detail));
}

result<server_address> read_url(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || (parsed->scheme() != "smtp" && parsed->scheme() != "smtps") ||
      parsed->host().empty()) {
    return bad_option("the mail server must be smtp://[user:password@]host[:port] or smtps://…");
  }
  const bool tls = parsed->scheme() == "smtps";
  const bool has_port = parsed->has_port() && !parsed->port().empty();
  const std::string port = has_port ? std::string{parsed->port()} : tls ? "465" : "587";
  const std::string name = std::string{parsed->encoded_host()} + ":" + port;
  return server_address{std::string{parsed->scheme()} + "://" + name, name, parsed->user(),
                        parsed->password()};
}

// Hands libcurl the message piece by piece.
struct upload {
  std::string_view rest;

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* self) {
    std::string_view& rest = static_cast<upload*>(self)->rest;
    const std::size_t taken = std::min(size * count, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return taken;
  }
};

struct delivery {
  server_address server;
  options settings;
  std::string sender;     // an address
  std::string recipient;  // an address
  std::string message;
};

result<> deliver(const delivery& delivery) {
  const std::unique_ptr<CURL, curl_deleter> curl{curl_easy_init()};
  const std::string recipient = "<" + delivery.recipient + ">";
  const std::string sender = "<" + delivery.sender + ">";
  const std::unique_ptr<curl_slist, curl_deleter> recipients{
      curl_slist_append(nullptr, recipient.c_str())};
  if (!curl || !recipients) throw std::bad_alloc{};
  upload body{delivery.message};
  auto* const easy = curl.get();
  // The path is the name for EHLO.
  const std::string url = delivery.server.url + "/" + delivery.settings.ehlo_name;
  std::array<char, CURL_ERROR_SIZE> reason{};
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason.data());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  const bool has_password = !delivery.server.user.empty();
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(has_password ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  const bool is_verified = has_password || delivery.server.url.starts_with("smtps:") ||
                           !delivery.settings.ca_file.empty();
  if (!is_verified) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (has_password) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, delivery.server.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, delivery.server.password.c_str());
  }
  if (!delivery.settings.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, delivery.settings.ca_file.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
                   static_cast<long>(delivery.settings.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(delivery.settings.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &upload::read);
  curl_easy_setopt(easy, CURLOPT_READDATA, &body);

  const CURLcode code = curl_easy_perform(easy);
  if (code == CURLE_OK) return {};
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  std::string detail = "the mail server " + delivery.server.name + " did not take a mail: ";
  detail.append(reason.front() != '\0' ? reason.data() : curl_easy_strerror(code));
  long system_error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
  if (code == CURLE_COULDNT_CONNECT && system_error != 0) {
    detail.append(" (")
        .append(std::generic_category().message(static_cast<int>(system_error)))
        .append(")");
  }
  if (reply != 0) detail.append(" (reply ").append(std::to_string(reply)).append(")");
  return fail(fault_kind::unavailable, "mail_unavailable", std::move(detail));
}

class smtp_mailer : public mailer {
 public:
  smtp_mailer(options settings, server_address server, mailbox sender, runtime::blocking_pool& pool,
              std::shared_ptr<const clock> time)
      : settings_{std::move(settings)},
        server_{std::move(server)},
        sender_{std::move(sender)},
        pool_{pool},
        time_{std::move(time)} {}

  task<result<>> send(mail mail) override {
    const auto recipient = parse_mailbox(mail.recipient);
    if (!recipient) {
      co_return fail(fault_kind::unavailable, "mail_unavailable", "the address is not usable");
    }
    const std::string host = sender_.address.substr(sender_.address.find('@') + 1);
    const std::string id = "<" + to_hex(random_bytes(16)) + "@" + host + ">";
    delivery delivery{server_, settings_, sender_.address, recipient->address,
                      compose_message(sender_, *recipient, mail, id, time_->now())};
    auto work = [delivery = std::move(delivery)] { return deliver(delivery); };
    const auto done = co_await pool_.run(std::move(work));
    if (!done) co_return std::unexpected(done.error());
    co_return *done;
  }

 private:
  options settings_;
  server_address server_;
  mailbox sender_;
  runtime::blocking_pool& pool_;
  std::shared_ptr<const clock> time_;
};

}  // namespace

result<std::unique_ptr<mailer>> create_smtp_mailer(options settings, runtime::blocking_pool& pool,
                                                   std::shared_ptr<const clock> time) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return bad_option("libcurl can't start");
  auto server = read_url(settings.url);
  if (!server) return std::unexpected(std::move(server.error()));
  auto sender = parse_mailbox(settings.sender);
  if (!sender) return bad_option("the sender of mail must be an address like Name <user@host>");
  return std::make_unique<smtp_mailer>(std::move(settings), std::move(*server), std::move(*sender),
                                       pool, std::move(time));
}

}  // namespace cruddur::smtp
