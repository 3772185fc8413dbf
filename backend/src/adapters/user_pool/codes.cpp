#include "adapters/user_pool/codes.hpp"

#include "adapters/user_pool/attributes.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "runtime/spawn.hpp"

namespace cruddur::user_pool {
namespace {

namespace asio = boost::asio;

mail compose_code(const fresh_code& code, std::string_view handle) {
  std::string what;
  std::string subject;
  switch (code.kept.purpose) {
    case code_purpose::sign_up:
      subject = "Confirm your Cruddur account";
      what = "This code confirms your new Cruddur account";
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
  what.append(" @").append(handle).append(":\n\n    ").append(code.digits);
  what.append(
      "\n\nIf you did not ask for it, you need not do anything: without the code nothing "
      "happens. Never give it to anybody.\n");
  return {code.kept.email, std::move(subject), std::move(what), code.digits};
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

task<> keep_and_mail(service_ptr in, mail_place place, account to, code_purpose purpose,
                     time_point now) {
  auto code = make_code(*in, to.id, purpose, to.email, now);
  const auto kept = co_await in->in.accounts->put_code(to.id, code.kept);
  if (!kept) {
    in->log("could not keep a code: " + kept.error().detail);
    co_return;
  }
  // A failure is in the log already, and the person asks again.
  static_cast<void>(co_await mail_code(in, std::move(code), to.handle));
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
  std::string digits = std::to_string(random_below(1'000'000));
  digits.insert(0, 6 - digits.size(), '0');
  const auto lifetime = purpose == code_purpose::sign_up ? in.settings.sign_up_code_lifetime
                                                         : in.settings.code_lifetime;
  mailed_code kept{purpose, hash_code(in, account, purpose, digits), std::move(email),
                   now + lifetime};
  return {std::move(digits), std::move(kept)};
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

task<wire_result<void>> mail_code(service_ptr in, fresh_code code, std::string handle) {
  auto letter = compose_code(code, handle);
  const auto sent = co_await in->in.mail->send(std::move(letter));
  if (sent) co_return wire_result<void>{};
  in->log("could not send a mail: " + sent.error().detail);
  co_return refuse("CodeDeliveryFailureException",
                   "The code could not be mailed; ask for another one.");
}

wire_result<void> mail_code_later(const asio::any_io_executor& loop, const service_ptr& in,
                                  account to, code_purpose purpose, time_point now) {
  mail_place place{in};
  if (!place.granted()) return std::unexpected(too_busy());
  spawn(loop, in, keep_and_mail(in, std::move(place), std::move(to), purpose, now));
  return {};
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
