#include "user_pool/sign_in.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "user_pool/challenge.hpp"
#include "user_pool/phantoms.hpp"
#include "user_pool/refresh.hpp"
#include "user_pool/session_start.hpp"
#include "user_pool/srp.hpp"

namespace cruddur::user_pool {
namespace {

using namespace boost::asio::experimental::awaitable_operators;

constexpr std::size_t max_block_bytes = 4096;

wire_error wrong_password() {
  return {"NotAuthorizedException", "Incorrect username or password.", 400, std::nullopt};
}

wire_error not_confirmed() {
  return {"UserNotConfirmedException", "User is not confirmed.", 400, std::nullopt};
}

task<outcome> password_auth(service_ptr in, call from, std::string username, std::string password) {
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  auto who = co_await look_up(in, std::move(username), from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  if (auto error = limit_account(*in, attempt::sign_in, to_string(who->id), from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto tried = co_await try_password(in, who->id, from.address, from.cookies, from.now,
                                     check_password(in, *who, std::move(password)));
  if (!tried) co_return std::unexpected(std::move(tried.error()));
  if (!tried->right) co_return std::unexpected(wrong_password());
  auto remembered = remember_place(in, std::move(*tried), from.device, from.now);
  if (who->known->status != account_status::confirmed) {
    co_await std::move(remembered);
    co_return std::unexpected(not_confirmed());
  }
  // Side by side, so that nobody waits for one disk write after the other.
  auto started = start_session(in, std::move(*who->known), from.now, std::nullopt);
  co_return co_await (std::move(remembered) && std::move(started));
}

task<outcome> srp_auth(service_ptr in, call from, std::string username, std::string client_hex) {
  auto client_share = srp::parse_client_share(client_hex);
  if (!client_share) co_return refuse("InvalidParameterException", "SRP_A is not usable.");
  client_share->insert(0, srp::group_bytes - client_share->size(), '\0');
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  auto who = co_await look_up(in, username, from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  const uuid id = who->id;
  if (auto error = limit_account(*in, attempt::sign_in, to_string(id), from)) {
    co_return std::unexpected(std::move(*error));
  }

  const std::string salt = who->known ? who->known->password.salt : phantom_salt(in->keys, id);
  challenge made{.nonce = random_bytes(16),
                 .issued_at = from.now,
                 .account_id = id,
                 .secret = random_bytes(srp::secret_bytes),
                 .client_share = std::move(*client_share),
                 .server_share = {}};
  auto work = [in, who = std::move(*who), secret = made.secret] {
    ++in->hashes;
    return srp::public_share(open_verifier(*in, who), secret);
  };
  auto share = co_await run_heavy(in, std::move(work));
  if (!share) co_return std::unexpected(to_wire_error(share.error()));
  made.server_share = std::move(*share);

  boost::json::object parameters{
      {"SALT", to_hex(salt)},
      {"SRP_B", to_hex(made.server_share)},
      {"SECRET_BLOCK", to_base64(seal_challenge(in->keys, made))},
      {"USER_ID_FOR_SRP", to_string(id)},
      {"USERNAME", to_string(id)},
  };
  boost::json::object answer{{"ChallengeName", "PASSWORD_VERIFIER"}};
  answer["ChallengeParameters"] = std::move(parameters);
  co_return answer;
}

struct claim_input {
  std::string block;
  std::string timestamp;
  std::string signature;
};

wire_result<claim_input> read_claim(const service& in, const call& from) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  const auto name = fields.text("ChallengeName", 64);
  field_reader responses{fields.object("ChallengeResponses")};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(in, client)) return std::unexpected(std::move(*error));
  if (name != "PASSWORD_VERIFIER") {
    return refuse("InvalidParameterException", "That challenge was never given.");
  }
  responses.text("USERNAME", max_username_bytes);
  const auto block = from_base64(responses.text("PASSWORD_CLAIM_SECRET_BLOCK", max_block_bytes));
  claim_input out{.block = {}, .timestamp = responses.text("TIMESTAMP", 64), .signature = {}};
  const auto signature = from_base64(responses.text("PASSWORD_CLAIM_SIGNATURE", 128));
  if (responses.error()) return std::unexpected(*responses.error());
  const auto at = parse_timestamp(out.timestamp);
  const auto skew = in.settings.client_clock_skew;
  if (!block || !signature || !at) return std::unexpected(wrong_password());
  // Said before anything of the account is looked at, so it tells nothing of it.
  if (*at < from.now - skew || *at > from.now + skew) {
    return refuse("NotAuthorizedException",
                  "The clock of this device is too far from the server's.");
  }
  out.block = *block;
  out.signature = *signature;
  return out;
}

// In the blocking pool, as one piece of work.
task<result<bool>> check_claim(service_ptr in, subject who, challenge of, claim_input given) {
  auto work = [in, who = std::move(who), of = std::move(of), given = std::move(given)] {
    ++in->hashes;
    const auto key =
        srp::session_key({of.client_share, of.server_share, of.secret, open_verifier(*in, who)});
    if (!key) return false;
    const auto expected =
        srp::claim(*key, in->pool_name, to_string(who.id), given.block, given.timestamp);
    return equal_constant_time(expected, given.signature) && who.known.has_value();
  };
  return run_heavy(in, std::move(work));
}

}  // namespace

task<outcome> initiate_auth(service_ptr in, call from) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  const auto flow = fields.text("AuthFlow", 64);
  field_reader values{fields.object("AuthParameters")};
  if (fields.error()) co_return std::unexpected(*fields.error());
  if (auto error = check_client(*in, client)) co_return std::unexpected(std::move(*error));

  if (flow == "REFRESH_TOKEN_AUTH" || flow == "REFRESH_TOKEN") {
    auto token = values.text("REFRESH_TOKEN", max_token_bytes);
    if (values.error()) co_return std::unexpected(*values.error());
    co_return co_await refresh_without_rotation(in, std::move(from), std::move(token));
  }
  const bool by_srp = flow == "USER_SRP_AUTH";
  if (!by_srp && flow != "USER_PASSWORD_AUTH") {
    co_return refuse("InvalidParameterException", "That flow is not enabled for this client.");
  }
  auto username = values.text("USERNAME", max_username_bytes);
  auto proof = by_srp ? values.text("SRP_A", 2 * srp::group_bytes + 2)
                      : values.text("PASSWORD", max_password_bytes);
  if (values.error()) co_return std::unexpected(*values.error());
  if (auto error = limit_address(*in, attempt::sign_in, from)) {
    co_return std::unexpected(std::move(*error));
  }
  if (by_srp) {
    co_return co_await srp_auth(in, std::move(from), std::move(username), std::move(proof));
  }
  co_return co_await password_auth(in, std::move(from), std::move(username), std::move(proof));
}

task<outcome> respond_to_auth_challenge(service_ptr in, call from) {
  auto given = read_claim(*in, from);
  if (!given) co_return std::unexpected(std::move(given.error()));
  // A second try from the address's bucket: a block that is sent again and again costs work each
  // time.
  if (auto error = limit_address(*in, attempt::sign_in, from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto of = open_challenge(in->keys, given->block);
  const auto lifetime = in->settings.challenge_lifetime;
  if (!of || of->issued_at > from.now || of->issued_at + lifetime <= from.now) {
    co_return refuse("NotAuthorizedException", "Invalid session for the user.");
  }
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  auto found = co_await in->in.accounts->find(of->account_id, from.now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  const subject who{of->account_id, std::move(*found), {}};
  const challenge_use use{of->nonce, of->issued_at + lifetime};
  auto tried = co_await try_password(in, who.id, from.address, from.cookies, from.now,
                                     check_claim(in, who, std::move(*of), std::move(*given)));
  if (!tried) co_return std::unexpected(std::move(tried.error()));

  if (tried->right && who.known->status == account_status::confirmed) {
    auto answer = co_await start_session(in, *who.known, from.now, use);
    // A repeated claim is no proof.
    if (answer) co_await remember_place(in, std::move(*tried), from.device, from.now);
    co_return answer;
  }
  const auto spent = co_await in->in.sessions->spend(use);
  if (tried->right) {
    if (spent) co_await remember_place(in, std::move(*tried), from.device, from.now);
    co_return std::unexpected(not_confirmed());
  }
  if (!spent && spent.error().kind != fault_kind::conflict) {
    co_return std::unexpected(to_wire_error(spent.error()));
  }
  co_return std::unexpected(wrong_password());
}

}  // namespace cruddur::user_pool
