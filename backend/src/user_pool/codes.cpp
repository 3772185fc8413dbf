#include "user_pool/codes.hpp"

#include <boost/asio/this_coro.hpp>

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "runtime/spawn.hpp"
#include "user_pool/attributes.hpp"
#include "user_pool/phantoms.hpp"

namespace cruddur::user_pool {
namespace {

namespace asio = boost::asio;

constexpr std::size_t seed_bytes = 16;
constexpr std::size_t code_length = 10;

mail compose_code(const fresh_code& code, std::string recipient, const account& account) {
  std::string text;
  std::string subject;
  switch (code.kept.purpose) {
    case code_purpose::sign_up:
      subject = "Confirm your Cruddur account";
      text = "Somebody signed up for Cruddur with this address, as";
      break;
    case code_purpose::password_reset:
      subject = "Reset your Cruddur password";
      text = "This code lets you choose a new password for your Cruddur account";
      break;
    case code_purpose::email_change:
      subject = "Confirm your email for Cruddur";
      text = "This code confirms the email of your Cruddur account";
      break;
  }
  text.append(" @")
      .append(account.handle)
      .append(" (")
      .append(account.display_name)
      .append("):\n\n    ");
  text.append(code.digits);
  switch (code.kept.purpose) {
    case code_purpose::sign_up:
      text.append(
          "\n\nThe code confirms that account. If it was not you, do not use it: the account would "
          "have your address, and its password is known to whoever made it. Without the code it "
          "goes by itself. If you want an account of your own, sign up with this address, and "
          "yours takes its place.\n");
      break;
    case code_purpose::password_reset:
      text.append(
          "\n\nIf you did not ask for it, you need not do anything: without the code nothing "
          "happens. If that is not your name, somebody used your address: do not use the code. "
          "Never give it to anybody.\n");
      break;
    case code_purpose::email_change:
      text.append(
          "\n\nIf you did not ask for it, you need not do anything: without the code nothing "
          "happens. Never give it to anybody.\n");
      break;
  }
  return {std::move(recipient), std::move(subject), std::move(text), code.digits};
}

// One of the mails in the background, unless too many are under way.
class mail_admission {
 public:
  explicit mail_admission(service_ptr pool)
      : pool_{std::move(pool)},
        is_granted_{pool_->background_mails.fetch_add(1) < pool_->settings.max_background_mails} {}
  ~mail_admission() {
    if (pool_) pool_->background_mails.fetch_sub(1);
  }
  mail_admission(mail_admission&& other) noexcept = default;
  mail_admission& operator=(mail_admission&&) = delete;

  explicit operator bool() const { return is_granted_; }

 private:
  service_ptr pool_;
  bool is_granted_;
};

// A failure is logged, and the person asks again.
task<> send(service_ptr pool, mail_admission admitted, mail mail) {
  const auto sent = co_await pool->mail->send(std::move(mail));
  if (!sent) pool->log("could not send a mail: " + sent.error().detail);
}

// The mail is composed even where none is sent: both take as long.
task<> send_code(service_ptr pool, mail_admission admitted, fresh_code code, account_lookup lookup,
                 bool is_mailed) {
  account nobody;
  nobody.id = lookup.stored_id;
  auto mail = compose_code(code, lookup.address, lookup.account ? *lookup.account : nobody);
  if (is_mailed) co_await send(std::move(pool), std::move(admitted), std::move(mail));
}

void spawn(const asio::any_io_executor& loop, const service_ptr& pool, task<> work) {
  runtime::spawn(loop, std::move(work), [pool](std::string_view reason) {
    pool->log("a mail in the background failed: " + std::string{reason});
  });
}

}  // namespace

fresh_code make_code(const service& pool, const uuid& account_id, code_purpose purpose,
                     std::string email, time_point now) {
  std::string seed = random_bytes(seed_bytes);
  std::string digits = code_digits(pool, account_id, purpose, seed);
  const auto lifetime = purpose == code_purpose::sign_up ? pool.settings.sign_up_code_lifetime
                                                         : pool.settings.code_lifetime;
  mailed_code kept{purpose, hash_code(pool, account_id, purpose, digits), std::move(email),
                   now + lifetime, std::move(seed)};
  return {std::move(digits), std::move(kept)};
}

std::string code_digits(const service& pool, const uuid& account_id, code_purpose purpose,
                        std::string_view seed) {
  std::string text = "digits:" + std::to_string(static_cast<int>(purpose)) + ":";
  text.append(to_string(account_id)).append(":").append(seed);
  const auto digest = hmac_sha256(pool.keys.codes, text);
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof number);
  std::string digits = std::to_string(number % 10'000'000'000U);
  return digits.insert(0, code_length - digits.size(), '0');
}

std::string hash_code(const service& pool, const uuid& account_id, code_purpose purpose,
                      std::string_view typed) {
  std::string text = std::to_string(static_cast<int>(purpose)) + ":" + to_string(account_id) + ":";
  for (const char c : typed) {
    if (c != ' ') text.push_back(c);
  }
  const auto digest = hmac_sha256(pool.keys.codes, text);
  return std::string{as_view(digest)};
}

task<wire_result<void>> mail_code(service_ptr pool, fresh_code code, std::string recipient,
                                  account account) {
  const auto sent = co_await pool->mail->send(compose_code(code, std::move(recipient), account));
  if (sent) co_return wire_result<void>{};
  pool->log("could not send a mail: " + sent.error().detail);
  co_return refuse("CodeDeliveryFailureException",
                   "The code could not be mailed; ask for another one.");
}

task<wire_result<void>> offer_code(service_ptr pool, account_lookup lookup, bool is_wanted,
                                   code_purpose purpose, time_point now) {
  mail_admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  // Where no code is wanted, one is kept for an id that nobody has.
  const uuid owner =
      is_wanted ? lookup.stored_id : phantom_id(pool->keys, "code:" + to_string(lookup.stored_id));
  auto code = make_code(*pool, owner, purpose, {}, now);
  const std::string name = lookup.address.empty() ? to_string(lookup.id) : lookup.address;
  const auto offered = co_await pool->accounts->offer_code(owner, code.kept, name, now);
  if (!offered) co_return std::unexpected(to_wire_error(offered.error()));
  code.digits = code_digits(*pool, owner, purpose, offered->seed);
  const bool is_mailed = is_wanted && offered->mailable;
  const auto loop = co_await asio::this_coro::executor;
  spawn(loop, pool,
        send_code(pool, std::move(admitted), std::move(code), std::move(lookup), is_mailed));
  co_return wire_result<void>{};
}

wire_error too_many_mails() {
  return {"LimitExceededException", "Attempt limit exceeded, please try after some time.", 400,
          std::chrono::minutes{30}};
}

void mail_notice_later(const asio::any_io_executor& loop, const service_ptr& pool,
                       std::string recipient, const std::string& handle) {
  mail_admission admitted{pool};
  if (!admitted) return;
  mail notice{std::move(recipient),
              "The email of your Cruddur account was changed",
              "The email of your Cruddur account @" + handle +
                  " was changed, and this address does not belong to it any more.\n\nIf that "
                  "was not you, somebody knows your password: ask us for help.\n",
              {}};
  spawn(loop, pool, send(pool, std::move(admitted), std::move(notice)));
}

std::string delivery_details(std::string_view email) {
  return json_object{}
      .text("Destination", mask_email(email))
      .text("DeliveryMedium", "EMAIL")
      .text("AttributeName", "email")
      .finish();
}

std::optional<wire_error> code_error(code_outcome outcome) {
  switch (outcome) {
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
