#include "adapters/sql/account_codes.hpp"

#include "adapters/sql/sealed_columns.hpp"

namespace cruddur::sql {

const statement count_code_try{"count_code_try", "UPDATE pool_code_tries SET tries = tries + 1"};

const statement select_code{"select_code",
                            dialects{"SELECT hash, used, expires_at, slot, sealed, "} +
                                key_of("pool_codes.slot") +
                                " FROM pool_codes WHERE account_uuid = $1 AND purpose = $2"};

// $1 account, $2 purpose, $3 hash, $4 now.
std::string code_is_good() {
  return "EXISTS (SELECT 1 FROM pool_codes WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
         "AND expires_at > $4 AND used = 0)";
}

namespace {

const statement insert_code{
    "insert_code",
    "INSERT INTO pool_codes (account_uuid, purpose, seed, hash, made_at, expires_at) "
    "SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM pool_accounts WHERE uuid = $1)"};

// $1, $2 the destination's MACs, of which the second is written to for as long as it stands;
// $4, $5, $6: now and one mail later, for the hour and the day; $7, $8: the latest end with room
// left.
const statement take_from_allowance{
    "take_mail_allowance",
    "INSERT INTO pool_mail_allowances AS m (destination_mac, taker, hour_full_at, day_full_at) "
    "SELECT " +
        unique_mac("pool_mail_allowances", "destination_mac", "$1", "$2") +
        ", $3, $4 + $5, $4 + $6 WHERE 1 = 1 "
        "ON CONFLICT (destination_mac) DO UPDATE SET taker = excluded.taker, "
        "hour_full_at = $5 + CASE WHEN m.hour_full_at > $4 THEN m.hour_full_at ELSE $4 END, "
        "day_full_at = $6 + CASE WHEN m.day_full_at > $4 THEN m.day_full_at ELSE $4 END "
        "WHERE m.hour_full_at <= $7 AND m.day_full_at <= $8"};

// $7, $8 destination, $9 since when a code that waits must be made to stay, $10 the email's MAC
// under the other key. It writes one row whatever comes of it: where nothing can be mailed and none
// waits, a code that is used up already.
const std::string has_same_email =
    "(COALESCE(c.email_mac, '') = COALESCE(excluded.email_mac, '') OR c.email_mac = $10)";
const std::string is_replaced =
    "excluded.used = 0 AND (c.used = 1 OR c.made_at <= $9 OR NOT " + has_same_email + ")";
const std::string is_kept = "c.used = 0 AND c.made_at > $9 AND " + has_same_email;

// Sets the column to the new code's where that replaces the old one.
std::string replaced(const std::string& column) {
  return column + " = CASE WHEN " + is_replaced + " THEN excluded." + column + " ELSE c." + column +
         " END, ";
}

const statement upsert_code{
    "upsert_code",
    "INSERT INTO pool_codes AS c "
    "(account_uuid, purpose, seed, hash, made_at, expires_at, slot, sealed, email_mac, used) "
    "SELECT $1, $2, $3, $4, $5, $6, $11, $12, $13, CASE WHEN EXISTS (SELECT 1 FROM "
    "pool_mail_allowances WHERE destination_mac IN ($7, $8) AND taker = $3) THEN 0 ELSE 1 END "
    "WHERE 1 = 1 ON CONFLICT (account_uuid, purpose) DO UPDATE SET " +
        replaced("seed") + replaced("hash") + replaced("slot") + replaced("sealed") +
        replaced("email_mac") + replaced("made_at") + replaced("used") +
        "expires_at = CASE WHEN (" + is_replaced + ") OR (" + is_kept +
        ") THEN excluded.expires_at ELSE c.expires_at END "
        "RETURNING seed, used, made_at, slot, " +
        "CASE WHEN COALESCE(email_mac, '') IN (COALESCE($13, ''), COALESCE($10, '')) "
        "THEN 1 ELSE 0 END"};

const statement confirm_account{
    "confirm_account",
    "UPDATE pool_accounts SET pending_until = NULL, email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " +
        code_is_good()};

const statement set_password{
    "set_password",
    "UPDATE pool_accounts SET salt = $5, sealed_verifier = $6, pending_until = NULL, "
    "email_verified = 1 "
    "WHERE uuid = $1 AND (pending_until IS NULL OR pending_until > $4) AND " +
        code_is_good()};

const statement revoke_sessions{"revoke_sessions_by_code",
                                "UPDATE pool_sessions SET revoked_at = $4 "
                                "WHERE account_uuid = $1 AND revoked_at IS NULL AND " +
                                    code_is_good()};

const statement spend_code{
    "spend_code",
    "UPDATE pool_codes SET used = 1 WHERE account_uuid = $1 AND purpose = $2 AND hash = $3 "
    "AND expires_at > $4 AND used = 0"};

parameters allowance_parameters(const name_macs& destination, const std::string& taker,
                                time_point now) {
  using allowance = mail_allowance;
  using std::chrono::milliseconds;
  return {destination.current,
          destination.other,
          bytes{taker},
          to_unix_ms(now),
          std::int64_t{milliseconds{allowance::hour_step}.count()},
          std::int64_t{milliseconds{allowance::day_step}.count()},
          to_unix_ms(now + (allowance::hour_burst - 1) * allowance::hour_step),
          to_unix_ms(now + (allowance::day_burst - 1) * allowance::day_step)};
}

// Counts the try, looks, then the effects, of which the first changes the account's row, then
// spend_code. Rows are locked in one order everywhere: codes, account, sessions, revocations.
task<result<code_outcome>> use_code(database& db, uuid id, code_purpose purpose, std::string hash,
                                    time_point now, std::vector<command> effects) {
  const auto base = code_parameters(id, purpose, hash, now);
  std::vector<command> commands;
  commands.push_back({count_code_try, {}});
  commands.push_back({select_code, {base[0], base[1]}});
  for (auto& effect : effects) commands.push_back(std::move(effect));
  commands.push_back({spend_code, base});
  const auto written = co_await db.write(std::move(commands));
  if (!written) co_return std::unexpected(explain_account_conflict(written.error()));
  if (const auto refusal = refusal_of((*written)[1], hash, now)) co_return *refusal;
  co_return (*written)[2].affected_rows == 1 ? code_outcome::accepted : code_outcome::wrong;
}

}  // namespace

parameters code_parameters(const uuid& id, code_purpose purpose, const std::string& hash,
                           time_point now) {
  return {id, static_cast<std::int64_t>(purpose), bytes{hash}, to_unix_ms(now)};
}

std::optional<code_outcome> refusal_of(const query_result& found, const std::string& hash,
                                       time_point now) {
  const auto& rows = found.rows;
  if (rows.empty() || rows.front().blob(0) != hash) return code_outcome::wrong;
  if (rows.front().boolean(1)) return code_outcome::used;
  if (rows.front().time(2) <= now) return code_outcome::expired;
  return std::nullopt;
}

command put_code_command(uuid id, mailed_code code, time_point now) {
  return {insert_code,
          {id, static_cast<std::int64_t>(code.purpose), bytes{std::move(code.seed)},
           bytes{std::move(code.hash)}, to_unix_ms(now), to_unix_ms(code.expires_at)}};
}

task<result<bool>> take_mail(database& db, name_macs destination, time_point now) {
  const auto taken =
      co_await db.write_one(take_from_allowance, allowance_parameters(destination, {}, now));
  if (!taken) co_return std::unexpected(taken.error());
  co_return taken->affected_rows == 1;
}

task<result<code_offer>> offer_code(database& db, content_vault& vault, const blind_index& index,
                                    uuid id, mailed_code code, name_macs destination,
                                    time_point now) {
  const time_point young = now - longest_code_life;
  std::optional<content_key> key;
  value slot{null_of_type::integer};
  value sealed{null_of_type::bytes};
  value email_mac{null_of_type::text};
  value other_mac{null_of_type::text};
  if (!code.email.empty()) {
    auto taken = co_await vault.take(key_term::hours);
    if (!taken) co_return std::unexpected(std::move(taken.error()));
    key.emplace(std::move(*taken));
    name_macs macs = index.macs(name_kind::email, code.email);
    slot = key->slot();
    sealed = bytes{key->seal(content_kind::code, id, code.email)};
    email_mac = std::move(macs.current);
    other_mac = std::move(macs.other);
  }
  std::vector<command> commands;
  commands.push_back({take_from_allowance, allowance_parameters(destination, code.seed, now)});
  commands.push_back(
      {upsert_code,
       {id, static_cast<std::int64_t>(code.purpose), bytes{std::move(code.seed)},
        bytes{std::move(code.hash)}, to_unix_ms(now), to_unix_ms(code.expires_at),
        std::move(destination.current), std::move(destination.other), to_unix_ms(young),
        std::move(other_mac), slot, std::move(sealed), std::move(email_mac)}});
  const auto written = co_await db.write(std::move(commands));
  if (!written) {
    if (key) key->settle(written.error());
    co_return std::unexpected(written.error());
  }
  const row& kept = written->back().rows.front();
  if (key) {
    if (!kept.is_null(3) && kept.integer(3) == key->slot()) {
      key->keep();
    } else {
      key->drop();
    }
  }
  const bool waits = !kept.boolean(1) && kept.time(2) > young && kept.boolean(4);
  co_return code_offer{written->front().affected_rows == 1, waits ? kept.blob(0) : std::string{}};
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
