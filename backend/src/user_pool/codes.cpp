#include "user_pool/codes.hpp"

#include <boost/asio/this_coro.hpp>

#include "base/digest.hpp"
#include "base/random.hpp"
#include "runtime/spawn.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/phantoms.hpp"

namespace cruddur::user_pool {
namespace {

namespace asio = boost::asio;

constexpr std::size_t seed_bytes = 16;
constexpr std::size_t code_length = 10;

mail compose_code(const fresh_code& code, std::string email, const account& who) {
  std::string what;
  std::string subject;
  switch (code.kept.purpose) {
    case code_purpose::sign_up:
      subject = "Confirm your Cruddur account";
      what = "Somebody signed up for Cruddur with this address, as";
      break;
    case code_purpose::password_reset:
      subject = "Reset your Cruddur password";
      what = "This code lets you choose a new password for your Cruddur account";
      break;
    case code_purpose::email_change:
      subject = "Confirm your email for Cruddur";
      what = "This code confirms the email of your Cruddur account";
      break;
  }
  what.append(" @").append(who.handle).append(" (").append(who.display_name).append("):\n\n    ");
  what.append(code.digits);
  switch (code.kept.purpose) {
    case code_purpose::sign_up:
      what.append(
          "\n\nThe code confirms that account. If it was not you, do not use it: the account would "
          "have your address, and its password is known to whoever made it. Without the code it "
          "goes by itself. If you want an account of your own, sign up with this address, and "
          "yours takes its place.\n");
      break;
    case code_purpose::password_reset:
      what.append(
          "\n\nIf you did not ask for it, you need not do anything: without the code nothing "
          "happens. If that is not your name, somebody used your address: do not use the code. "
          "Never give it to anybody.\n");
      break;
    case code_purpose::email_change:
      what.append(
          "\n\nIf you did not ask for it, you need not do anything: without the code nothing "
          "happens. Never give it to anybody.\n");
      break;
  }
  return {std::move(email), std::move(subject), std::move(what), code.digits};
}

// Holds a place among the mails in the background.
class mail_place {
 public:
  explicit mail_place(service_ptr in)
      : in_{std::move(in)},
        granted_{in_->background_mails.fetch_add(1) < in_->settings.max_background_mails} {}
  ~mail_place() {
    if (in_) in_->background_mails.fetch_sub(1);
  }
  mail_place(mail_place&& from) noexcept = default;
  mail_place& operator=(mail_place&&) = delete;

  bool granted() const { return granted_; }

 private:
  service_ptr in_;
  bool granted_;
};

// A failure is in the log already, and the person asks again.
task<> mail_unless_idle(service_ptr in, mail_place place, fresh_code code, subject who,
                        bool mailed) {
  account nobody;
  nobody.id = who.id;
  auto letter = compose_code(code, who.address, who.known ? *who.known : nobody);
  if (!mailed) co_return;
  const auto sent = co_await in->in.mail->send(std::move(letter));
  if (!sent) in->log("could not send a mail: " + sent.error().detail);
}

task<> send_notice(service_ptr in, mail_place place, mail letter) {
  const auto sent = co_await in->in.mail->send(std::move(letter));
  if (!sent) in->log("could not send a mail: " + sent.error().detail);
}

void spawn(const asio::any_io_executor& loop, const service_ptr& in, task<> work) {
  runtime::spawn(loop, std::move(work), [in](std::string_view reason) {
    in->log("a mail in the background failed: " + std::string{reason});
  });
}

}  // namespace

fresh_code make_code(const service& in, const uuid& account, code_purpose purpose,
                     std::string email, time_point now) {
  std::string seed = random_bytes(seed_bytes);
  std::string digits = code_digits(in, account, purpose, seed);
  const auto lifetime = purpose == code_purpose::sign_up ? in.settings.sign_up_code_lifetime
                                                         : in.settings.code_lifetime;
  mailed_code kept{purpose, hash_code(in, account, purpose, digits), std::move(email),
                   now + lifetime, std::move(seed)};
  return {std::move(digits), std::move(kept)};
}

std::string code_digits(const service& in, const uuid& account, code_purpose purpose,
                        std::string_view seed) {
  std::string text = "digits:" + std::to_string(static_cast<int>(purpose)) + ":";
  text.append(to_string(account)).append(":").append(seed);
  const auto digest = hmac_sha256(in.keys.codes, text);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  std::string digits = std::to_string(number % 10'000'000'000U);
  return digits.insert(0, code_length - digits.size(), '0');
}

std::string hash_code(const service& in, const uuid& account, code_purpose purpose,
                      std::string_view typed) {
  std::string text = std::to_string(static_cast<int>(purpose)) + ":" + to_string(account) + ":";
  for (const char c : typed) {
    if (c != ' ') text.push_back(c);
  }
  const auto digest = hmac_sha256(in.keys.codes, text);
  return std::string{as_view(digest)};
}

task<wire_result<void>> mail_code(service_ptr in, fresh_code code, std::string email, account who) {
  auto letter = compose_code(code, std::move(email), who);
  const auto sent = co_await in->in.mail->send(std::move(letter));
  if (sent) co_return wire_result<void>{};
  in->log("could not send a mail: " + sent.error().detail);
  co_return refuse("CodeDeliveryFailureException",
                   "The code could not be mailed; ask for another one.");
}

task<wire_result<void>> offer_code(service_ptr in, subject who, bool wanted, code_purpose purpose,
                                   time_point now) {
  mail_place place{in};
  if (!place.granted()) co_return std::unexpected(too_busy());
  // Where no code is wanted, one of nobody's is kept.
  const uuid owner = wanted ? who.id : phantom_id(in->keys, "code:" + to_string(who.id));
  auto code = make_code(*in, owner, purpose, {}, now);
  const std::string name = who.address.empty() ? to_string(who.id) : who.address;
  const auto offered =
      co_await in->in.accounts->offer_code(owner, code.kept, hash_destination(in->keys, name), now);
  if (!offered) co_return std::unexpected(to_wire_error(offered.error()));
  code.digits = code_digits(*in, owner, purpose, offered->seed);
  const bool mailed = wanted && offered->mailable;
  const auto loop = co_await asio::this_coro::executor;
  spawn(loop, in, mail_unless_idle(in, std::move(place), std::move(code), std::move(who), mailed));
  co_return wire_result<void>{};
}

wire_error too_many_mails() {
  return {"LimitExceededException", "Attempt limit exceeded, please try after some time.", 400,
          std::chrono::minutes{30}};
}

void mail_notice_later(const asio::any_io_executor& loop, const service_ptr& in, std::string to,
                       const std::string& handle) {
  mail_place place{in};
  if (!place.granted()) return;
  mail letter{std::move(to),
              "The email of your Cruddur account was changed",
              "The email of your Cruddur account @" + handle +
                  " was changed, and this address does not belong to it any more.\n\nIf that "
                  "was not you, somebody knows your password: ask us for help.\n",
              {}};
  spawn(loop, in, send_notice(in, std::move(place), std::move(letter)));
}

boost::json::object delivery_details(std::string_view email) {
  return {
      {"Destination", mask_email(email)}, {"DeliveryMedium", "EMAIL"}, {"AttributeName", "email"}};
}

std::optional<wire_error> code_error(code_outcome from) {
  switch (from) {
    case code_outcome::accepted:
      break;
    case code_outcome::wrong:
      return wire_error{"CodeMismatchException",
                        "Invalid verification code provided, please try again.", 400, std::nullopt};
    case code_outcome::expired:
    case code_outcome::used:
      return wire_error{"ExpiredCodeException",
                        "Invalid code provided, please request a code again.", 400, std::nullopt};
  }
  return std::nullopt;
}

}  // namespace cruddur::user_pool
