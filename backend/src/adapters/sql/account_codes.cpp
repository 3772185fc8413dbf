#include "adapters/sql/account_codes.hpp"

namespace cruddur::sql {
namespace {

constexpr statement upsert_code =
    "INSERT INTO pool_codes (account_uuid, purpose, hash, email, expires_at) "
    "SELECT uuid, $2, $3, $4, $5 FROM pool_accounts WHERE uuid = $1 "
    "ON CONFLICT (account_uuid, purpose) DO UPDATE SET hash = excluded.hash, "
    "email = excluded.email, expires_at = excluded.expires_at, tries = 0, used = 0";

constexpr statement select_code_address =
    "SELECT email FROM pool_codes "
    "WHERE account_uuid = $1 AND purpose = $2 AND used = 0 AND expires_at > $3";

// First in its transaction: it counts a wrong try, and on PostgreSQL its row lock makes those who
// try at once go one by one.
constexpr statement try_code =
    "UPDATE pool_codes SET tries = tries + CASE WHEN hash = $3 THEN 0 ELSE 1 END "
    "WHERE account_uuid = $1 AND purpose = $2 RETURNING hash, tries, used, expires_at";

// $1 account, $2 purpose, $3 hash, $4 now; 5 is code_tries.
#define CRUDDUR_GOOD_CODE                                                                    \
  "EXISTS (SELECT 1 FROM pool_codes WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 " \
  "AND expires_at > $4 AND used = 0 AND tries < 5)"

constexpr statement confirm_account =
    "UPDATE pool_accounts SET pending_until = NULL, email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " CRUDDUR_GOOD_CODE;

constexpr statement set_password =
    "UPDATE pool_accounts SET salt = $5, sealed_verifier = $6, pending_until = NULL, "
    "email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " CRUDDUR_GOOD_CODE;

constexpr statement revoke_sessions =
    "UPDATE pool_sessions SET revoked_at = $4 "
    "WHERE account_uuid = $1 AND revoked_at IS NULL AND " CRUDDUR_GOOD_CODE;

constexpr statement next_revocation_epoch =
    "UPDATE pool_revocations SET epoch = epoch + 1 WHERE " CRUDDUR_GOOD_CODE;

constexpr statement set_email =
    "UPDATE pool_accounts SET email_verified = 1, email = (SELECT email FROM pool_codes "
    "WHERE account_uuid = $1 AND purpose = $2) WHERE uuid = $1 AND " CRUDDUR_GOOD_CODE;

// A reset code that went to the old address proves nothing any more. 1 is
// code_purpose::password_reset.
constexpr statement drop_reset_code =
    "DELETE FROM pool_codes WHERE account_uuid = $1 AND purpose = 1 AND " CRUDDUR_GOOD_CODE;

constexpr statement spend_code =
    "UPDATE pool_codes SET used = 1 WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
    "AND expires_at > $4 AND used = 0 AND tries < 5";

#undef CRUDDUR_GOOD_CODE

// Last in its transaction: something is always written, so that a try at an account that is not
// there takes as long as one at an account that is.
constexpr statement leave_mark = "UPDATE pool_revocations SET epoch = epoch";

parameters code_parameters(const uuid& id, code_purpose purpose, const std::string& hash,
                           time_point now) {
  return {id, static_cast<std::int64_t>(purpose), bytes{hash}, to_unix_ms(now)};
}

code_outcome judge(const std::vector<query_result>& results, const std::string& hash,
                   time_point now) {
  const auto& tried = results.front().rows;
  if (tried.empty() || tried.front().blob(0) != hash) return code_outcome::wrong;
  if (tried.front().boolean(2)) return code_outcome::used;
  if (tried.front().integer(1) >= code_tries || tried.front().time(3) <= now) {
    return code_outcome::expired;
  }
  return results[1].affected_rows == 1 ? code_outcome::accepted : code_outcome::wrong;
}

// Runs try_code, then the effects, of which the first changes the account's row, then spend_code.
// Rows are locked in one order everywhere: codes, account, sessions, revocations.
task<result<code_outcome>> use_code(database& db, uuid id, code_purpose purpose, std::string hash,
                                    time_point now, std::vector<command> effects) {
  const auto base = code_parameters(id, purpose, hash, now);
  std::vector<command> commands;
  commands.push_back({try_code, {base[0], base[1], base[2]}});
  for (auto& effect : effects) commands.push_back(std::move(effect));
  commands.push_back({spend_code, base});
  commands.push_back({leave_mark, {}});
  const auto written = co_await db.write(std::move(commands));
  if (!written) co_return std::unexpected(explain_account_conflict(written.error()));
  co_return judge(*written, hash, now);
}

}  // namespace

command put_code_command(uuid id, mailed_code code) {
  return {upsert_code,
          {id, static_cast<std::int64_t>(code.purpose), bytes{std::move(code.hash)},
           std::move(code.email), to_unix_ms(code.expires_at)}};
}

task<result<std::optional<std::string>>> read_code_address(database& db, uuid id,
                                                           code_purpose purpose, time_point now) {
  const auto found = co_await db.read(select_code_address,
                                      {id, static_cast<std::int64_t>(purpose), to_unix_ms(now)});
  if (!found) co_return std::unexpected(found.error());
  if (found->rows.empty()) co_return std::nullopt;
  co_return found->rows.front().text(0);
}

task<result<code_outcome>> use_sign_up_code(database& db, uuid id, std::string hash,
                                            time_point now) {
  const auto base = code_parameters(id, code_purpose::sign_up, hash, now);
  std::vector<command> effects;
  effects.push_back({confirm_account, base});
  return use_code(db, id, code_purpose::sign_up, std::move(hash), now, std::move(effects));
}

task<result<code_outcome>> use_reset_code(database& db, uuid id, std::string hash,
                                          password_proof password, time_point now) {
  const auto base = code_parameters(id, code_purpose::password_reset, hash, now);
  auto with_password = base;
  with_password.emplace_back(bytes{std::move(password.salt)});
  with_password.emplace_back(bytes{std::move(password.sealed_verifier)});
  std::vector<command> effects;
  effects.push_back({set_password, std::move(with_password)});
  effects.push_back({revoke_sessions, base});
  effects.push_back({next_revocation_epoch, base});
  return use_code(db, id, code_purpose::password_reset, std::move(hash), now, std::move(effects));
}

task<result<code_outcome>> use_email_code(database& db, uuid id, std::string hash, time_point now) {
  const auto base = code_parameters(id, code_purpose::email_change, hash, now);
  std::vector<command> effects;
  effects.push_back({set_email, base});
  effects.push_back({drop_reset_code, base});
  return use_code(db, id, code_purpose::email_change, std::move(hash), now, std::move(effects));
}

fault explain_account_conflict(fault from) {
  if (from.kind != fault_kind::conflict) return from;
  if (from.field.find("email") != std::string::npos) {
    return {fault_kind::conflict,
            {"email_taken"},
            "An account with that email exists already.",
            "email",
            std::nullopt};
  }
  if (from.field.find("handle") != std::string::npos) {
    return {fault_kind::conflict,
            {"handle_taken"},
            "Somebody has that handle already.",
            "handle",
            std::nullopt};
  }
  return from;
}

}  // namespace cruddur::sql
