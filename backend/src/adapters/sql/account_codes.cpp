#include "adapters/sql/account_codes.hpp"

namespace cruddur::sql {
namespace {

const statement insert_code{
    "insert_code",
    "INSERT INTO pool_codes (account_uuid, purpose, seed, hash, email, made_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// $3, $4: now and one mail later, for the hour and the day; $5, $6: the latest end with room left.
const statement take_from_allowance{
    "take_mail_allowance",
    "INSERT INTO pool_mail_allowances AS m (destination, taker, hour_full_at, day_full_at) "
    "VALUES ($1, $2, $3 + $4, $3 + $5) "
    "ON CONFLICT (destination) DO UPDATE SET taker = excluded.taker, "
    "hour_full_at = $4 + CASE WHEN m.hour_full_at > $3 THEN m.hour_full_at ELSE $3 END, "
    "day_full_at = $5 + CASE WHEN m.day_full_at > $3 THEN m.day_full_at ELSE $3 END "
    "WHERE m.hour_full_at <= $6 AND m.day_full_at <= $7"};

// $8 destination, $9 since when a code that waits must be made to stay. It writes one row whatever
// comes of it: where nothing can be mailed and none waits, a code that is used up already.
const std::string is_replaced =
    "excluded.used = 0 AND (c.used = 1 OR c.made_at <= $9 OR c.email <> excluded.email)";
const std::string is_kept = "c.used = 0 AND c.made_at > $9 AND c.email = excluded.email";

// Sets the column to the new code's where that replaces the old one.
std::string replaced(const std::string& column) {
  return column + " = CASE WHEN " + is_replaced + " THEN excluded." + column + " ELSE c." + column +
         " END, ";
}

const statement upsert_code{
    "upsert_code",
    "INSERT INTO pool_codes AS c "
    "(account_uuid, purpose, seed, hash, email, made_at, expires_at, used) "
    "SELECT $1, $2, $3, $4, $5, $6, $7, CASE WHEN EXISTS (SELECT 1 FROM pool_mail_allowances "
    "WHERE destination = $8 AND taker = $3) THEN 0 ELSE 1 END WHERE 1 = 1 "
    "ON CONFLICT (account_uuid, purpose) DO UPDATE SET " +
        replaced("seed") + replaced("hash") + replaced("email") + replaced("made_at") +
        replaced("used") + "expires_at = CASE WHEN (" + is_replaced + ") OR (" + is_kept +
        ") THEN excluded.expires_at ELSE c.expires_at END RETURNING seed, used, made_at, email"};

const statement select_code_address{
    "select_code_address",
    "SELECT email FROM pool_codes "
    "WHERE account_uuid = $1 AND purpose = $2 AND used = 0 AND expires_at > $3"};

// First in its transaction: a try writes the same whatever comes of it, and on PostgreSQL the row's
// lock makes those who try at once go one by one.
const statement count_try{"count_code_try", "UPDATE pool_code_tries SET tries = tries + 1"};

const statement select_code{
    "select_code",
    "SELECT hash, used, expires_at FROM pool_codes WHERE account_uuid = $1 AND purpose = $2"};

// $1 account, $2 purpose, $3 hash, $4 now.
const std::string code_is_good =
    "EXISTS (SELECT 1 FROM pool_codes WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
    "AND expires_at > $4 AND used = 0)";

const statement confirm_account{
    "confirm_account",
    "UPDATE pool_accounts SET pending_until = NULL, email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " +
        code_is_good};

const statement set_password{
    "set_password",
    "UPDATE pool_accounts SET salt = $5, sealed_verifier = $6, pending_until = NULL, "
    "email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " +
        code_is_good};

const statement revoke_sessions{"revoke_sessions_by_code",
                                "UPDATE pool_sessions SET revoked_at = $4 "
                                "WHERE account_uuid = $1 AND revoked_at IS NULL AND " +
                                    code_is_good};

const statement set_email{
    "set_email",
    "UPDATE pool_accounts SET email_verified = 1, email = (SELECT email FROM pool_codes "
    "WHERE account_uuid = $1 AND purpose = $2) WHERE uuid = $1 AND " +
        code_is_good};

// A reset code that went to the old address proves nothing any more. 1 is
// code_purpose::password_reset.
const statement drop_reset_code{
    "drop_reset_code",
    "DELETE FROM pool_codes WHERE account_uuid = $1 AND purpose = 1 AND " + code_is_good};

const statement spend_code{
    "spend_code",
    "UPDATE pool_codes SET used = 1 WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
    "AND expires_at > $4 AND used = 0"};

parameters code_parameters(const uuid& id, code_purpose purpose, const std::string& hash,
                           time_point now) {
  return {id, static_cast<std::int64_t>(purpose), bytes{hash}, to_unix_ms(now)};
}

parameters allowance_parameters(const std::string& destination, const std::string& taker,
                                time_point now) {
  using allowance = mail_allowance;
  using std::chrono::milliseconds;
  return {bytes{destination},
          bytes{taker},
          to_unix_ms(now),
          std::int64_t{milliseconds{allowance::hour_step}.count()},
          std::int64_t{milliseconds{allowance::day_step}.count()},
          to_unix_ms(now + (allowance::hour_burst - 1) * allowance::hour_step),
          to_unix_ms(now + (allowance::day_burst - 1) * allowance::day_step)};
}

code_outcome judge(const std::vector<query_result>& results, const std::string& hash,
                   time_point now) {
  const auto& found = results[1].rows;
  if (found.empty() || found.front().blob(0) != hash) return code_outcome::wrong;
  if (found.front().boolean(1)) return code_outcome::used;
  if (found.front().time(2) <= now) return code_outcome::expired;
  return results[2].affected_rows == 1 ? code_outcome::accepted : code_outcome::wrong;
}

// Counts the try, looks, then the effects, of which the first changes the account's row, then
// spend_code. Rows are locked in one order everywhere: codes, account, sessions, revocations.
task<result<code_outcome>> use_code(database& db, uuid id, code_purpose purpose, std::string hash,
                                    time_point now, std::vector<command> effects) {
  const auto base = code_parameters(id, purpose, hash, now);
  std::vector<command> commands;
  commands.push_back({count_try, {}});
  commands.push_back({select_code, {base[0], base[1]}});
  for (auto& effect : effects) commands.push_back(std::move(effect));
  commands.push_back({spend_code, base});
  const auto written = co_await db.write(std::move(commands));
  if (!written) co_return std::unexpected(explain_account_conflict(written.error()));
  co_return judge(*written, hash, now);
}

}  // namespace

command put_code_command(uuid id, mailed_code code, time_point now) {
  return {insert_code,
          {id, static_cast<std::int64_t>(code.purpose), bytes{std::move(code.seed)},
           bytes{std::move(code.hash)}, std::move(code.email), to_unix_ms(now),
           to_unix_ms(code.expires_at)}};
}

task<result<bool>> take_mail(database& db, std::string destination, time_point now) {
  const auto taken =
      co_await db.write_one(take_from_allowance, allowance_parameters(destination, {}, now));
  if (!taken) co_return std::unexpected(taken.error());
  co_return taken->affected_rows == 1;
}

task<result<code_offer>> offer_code(database& db, uuid id, mailed_code code,
                                    std::string destination, time_point now) {
  const time_point young = now - longest_code_life;
  const std::string email = code.email;
  std::vector<command> commands;
  commands.push_back({take_from_allowance, allowance_parameters(destination, code.seed, now)});
  commands.push_back(
      {upsert_code,
       {id, static_cast<std::int64_t>(code.purpose), bytes{std::move(code.seed)},
        bytes{std::move(code.hash)}, std::move(code.email), to_unix_ms(now),
        to_unix_ms(code.expires_at), bytes{std::move(destination)}, to_unix_ms(young)}});
  const auto written = co_await db.write(std::move(commands));
  if (!written) co_return std::unexpected(written.error());
  const row& kept = written->back().rows.front();
  const bool waits = !kept.boolean(1) && kept.time(2) > young && kept.text(3) == email;
  co_return code_offer{written->front().affected_rows == 1, waits ? kept.blob(0) : std::string{}};
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
  return use_code(db, id, code_purpose::password_reset, std::move(hash), now, std::move(effects));
}

task<result<code_outcome>> use_email_code(database& db, uuid id, std::string hash, time_point now) {
  const auto base = code_parameters(id, code_purpose::email_change, hash, now);
  std::vector<command> effects;
  effects.push_back({set_email, base});
  effects.push_back({drop_reset_code, base});
  return use_code(db, id, code_purpose::email_change, std::move(hash), now, std::move(effects));
}

fault explain_account_conflict(const driver_error& error) {
  if (error.kind != driver_fault::unique_violation) return error;
  if (error.field.find("email") != std::string::npos) {
    return make_fault(fault_kind::conflict, "email_taken",
                      "An account with that email exists already.", "email");
  }
  if (error.field.find("handle") != std::string::npos) {
    return make_fault(fault_kind::conflict, "handle_taken", "Somebody has that handle already.",
                      "handle");
  }
  return error;
}

}  // namespace cruddur::sql
