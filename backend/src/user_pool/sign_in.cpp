#include "user_pool/sign_in.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"
#include "user_pool/challenge.hpp"
#include "user_pool/input.hpp"
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

task<outcome> password_auth(service_ptr pool, wire_request request, std::string username,
                            std::string password) {
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  auto found = co_await look_up(pool, std::move(username), request.now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (auto error = limit_account(*pool, attempt::sign_in, to_string(found->id), request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto check = check_password(pool, *found, std::move(password));
  auto tried = co_await try_password(pool, found->stored_id, request.address, request.cookies,
                                     request.now, std::move(check));
  if (!tried) co_return std::unexpected(std::move(tried.error()));
  if (!tried->is_right) co_return std::unexpected(wrong_password());
  auto remembered = remember_place(pool, std::move(*tried), request.device, request.now);
  if (found->account->status != account_status::confirmed) {
    co_await std::move(remembered);
    co_return std::unexpected(not_confirmed());
  }
  // Side by side, so that nobody waits for one disk write after the other.
  auto started = start_session(pool, std::move(*found->account), request.now, std::nullopt);
  co_return co_await (std::move(remembered) && std::move(started));
}

task<outcome> srp_auth(service_ptr pool, wire_request request, std::string username,
                       std::string client_hex) {
  auto client_share = srp::parse_client_share(client_hex);
  if (!client_share) co_return refuse("InvalidParameterException", "SRP_A is not usable.");
  client_share->insert(0, srp::group_bytes - client_share->size(), '\0');
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  auto found = co_await look_up(pool, std::move(username), request.now);
  if (!found) co_return std::unexpected(std::move(found.error()));
  const uuid id = found->id;
  const std::string name = to_string(id);
  if (auto error = limit_account(*pool, attempt::sign_in, name, request)) {
    co_return std::unexpected(std::move(*error));
  }

  const std::string salt =
      found->account ? found->account->password.salt : phantom_salt(pool->keys, id);
  challenge made{.nonce = random_bytes(16),
                 .issued_at = request.now,
                 .account_id = id,
                 .secret = random_bytes(srp::secret_bytes),
                 .client_share = std::move(*client_share),
                 .server_share = {}};
  auto work = [pool, lookup = std::move(*found), secret = made.secret] {
    ++pool->hashes;
    return srp::public_share(open_verifier(*pool, lookup), secret);
  };
  auto share = co_await run_heavy(pool, std::move(work));
  if (!share) co_return std::unexpected(to_wire_error(share.error()));
  made.server_share = std::move(*share);

  const std::string parameters =
      json_object{}
          .text("SALT", to_hex(salt))
          .text("SRP_B", to_hex(made.server_share))
          .text("SECRET_BLOCK", to_base64(seal_challenge(pool->keys, made)))
          .text("USER_ID_FOR_SRP", name)
          .text("USERNAME", name)
          .finish();
  co_return json_object{}
      .text("ChallengeName", "PASSWORD_VERIFIER")
      .json("ChallengeParameters", parameters)
      .finish();
}

enum class auth_flow : std::uint8_t { refresh, password, srp };

struct auth_input {
  auth_flow flow;
  std::string username;  // empty for a refresh
  std::string proof;     // the refresh token, the password, or SRP_A
};

wire_result<auth_input> read_auth(const service& pool, const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  const auto flow = fields.text("AuthFlow", 64);
  field_reader values{fields.object("AuthParameters")};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));

  auth_input out{};
  if (flow == "REFRESH_TOKEN_AUTH" || flow == "REFRESH_TOKEN") {
    out = {auth_flow::refresh, {}, values.text("REFRESH_TOKEN", max_token_bytes)};
  } else if (flow == "USER_PASSWORD_AUTH") {
    out = {auth_flow::password, values.text("USERNAME", max_username_bytes),
           values.text("PASSWORD", max_password_bytes)};
  } else if (flow == "USER_SRP_AUTH") {
    out = {auth_flow::srp, values.text("USERNAME", max_username_bytes),
           values.text("SRP_A", 2 * srp::group_bytes + 2)};
  } else {
    return refuse("InvalidParameterException", "That flow is not enabled for this client.");
  }
  if (values.error()) return std::unexpected(*values.error());
  return out;
}

struct claim_input {
  std::string block;
  std::string timestamp;
  std::string signature;
};

wire_result<claim_input> read_claim(const service& pool, const wire_request& request) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  const auto name = fields.text("ChallengeName", 64);
  field_reader responses{fields.object("ChallengeResponses")};
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));
  if (name != "PASSWORD_VERIFIER") {
    return refuse("InvalidParameterException", "That challenge was never given.");
  }
  responses.text("USERNAME", max_username_bytes);
  const auto block = from_base64(responses.text("PASSWORD_CLAIM_SECRET_BLOCK", max_block_bytes));
  claim_input out{.block = {}, .timestamp = responses.text("TIMESTAMP", 64), .signature = {}};
  const auto signature = from_base64(responses.text("PASSWORD_CLAIM_SIGNATURE", 128));
  if (responses.error()) return std::unexpected(*responses.error());
  const auto client_time = parse_timestamp(out.timestamp);
  if (!block || !signature || !client_time) return std::unexpected(wrong_password());
  // Said before anything of the account is looked at, so it tells nothing of it.
  const auto skew = pool.settings.client_clock_skew;
  if (*client_time < request.now - skew || *client_time > request.now + skew) {
    return refuse("NotAuthorizedException",
                  "The clock of this device is too far from the server's.");
  }
  out.block = *block;
  out.signature = *signature;
  return out;
}

// In the blocking pool, as one piece of work.
task<result<bool>> check_claim(service_ptr pool, account_lookup lookup, challenge challenge,
                               claim_input claim) {
  auto work = [pool, lookup = std::move(lookup), challenge = std::move(challenge),
               claim = std::move(claim)] {
    ++pool->hashes;
    const auto key = srp::session_key({challenge.client_share, challenge.server_share,
                                       challenge.secret, open_verifier(*pool, lookup)});
    if (!key) return false;
    const auto expected =
        srp::claim(*key, pool->pool_name, to_string(lookup.id), claim.block, claim.timestamp);
    return equal_constant_time(expected, claim.signature) && lookup.account.has_value();
  };
  return run_heavy(pool, std::move(work));
}

}  // namespace

task<outcome> initiate_auth(service_ptr pool, wire_request request) {
  auto input = read_auth(*pool, request);
  if (!input) co_return std::unexpected(std::move(input.error()));
  if (input->flow == auth_flow::refresh) {
    co_return co_await refresh_without_rotation(pool, std::move(request), std::move(input->proof));
  }
  if (auto error = limit_address(*pool, attempt::sign_in, request)) {
    co_return std::unexpected(std::move(*error));
  }
  if (input->flow == auth_flow::srp) {
    co_return co_await srp_auth(pool, std::move(request), std::move(input->username),
                                std::move(input->proof));
  }
  co_return co_await password_auth(pool, std::move(request), std::move(input->username),
                                   std::move(input->proof));
}

task<outcome> respond_to_auth_challenge(service_ptr pool, wire_request request) {
  auto claim = read_claim(*pool, request);
  if (!claim) co_return std::unexpected(std::move(claim.error()));
  // A second try from the address's bucket: a block that is sent again and again costs work each
  // time.
  if (auto error = limit_address(*pool, attempt::sign_in, request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto challenge = open_challenge(pool->keys, claim->block);
  const auto lifetime = pool->settings.challenge_lifetime;
  if (!challenge || challenge->issued_at > request.now ||
      challenge->issued_at + lifetime <= request.now) {
    co_return refuse("NotAuthorizedException", "Invalid session for the user.");
  }
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  auto found = co_await pool->accounts->find(challenge->account_id, request.now);
  if (!found) co_return std::unexpected(to_wire_error(found.error()));
  const uuid id = challenge->account_id;
  const uuid stored_id = *found ? id : pool->accounts->stand_in(id);
  const account_lookup lookup{id, stored_id, std::move(*found), {}};
  const challenge_use use{challenge->nonce, challenge->issued_at + lifetime};
  auto check = check_claim(pool, lookup, std::move(*challenge), std::move(*claim));
  auto tried = co_await try_password(pool, lookup.stored_id, request.address, request.cookies,
                                     request.now, std::move(check));
  if (!tried) co_return std::unexpected(std::move(tried.error()));

  if (tried->is_right && lookup.account->status == account_status::confirmed) {
    auto answer = co_await start_session(pool, *lookup.account, request.now, use);
    // A claim that is sent again is no proof.
    if (answer) co_await remember_place(pool, std::move(*tried), request.device, request.now);
    co_return answer;
  }
  const auto spent = co_await pool->sessions->spend(use);
  if (tried->is_right) {
    if (spent) co_await remember_place(pool, std::move(*tried), request.device, request.now);
    co_return std::unexpected(not_confirmed());
  }
  if (!spent && spent.error().kind != fault_kind::conflict) {
    co_return std::unexpected(to_wire_error(spent.error()));
  }
  co_return std::unexpected(wrong_password());
}

}  // namespace cruddur::user_pool
