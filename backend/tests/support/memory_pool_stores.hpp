// The stores of the user pool in memory, for unit tests of the pool. Single-threaded.
#pragma once

#include <map>
#include <set>

#include "ports/account_store.hpp"
#include "ports/key_store.hpp"
#include "ports/profile_store.hpp"
#include "ports/session_store.hpp"

namespace cruddur::testing {

struct memory_sessions : session_store {
  struct kept {
    session held;
    bool revoked = false;
  };
  std::map<uuid, kept> sessions;
  std::set<std::string> spent;
  std::int64_t epoch = 1;

  task<result<>> open(session what, std::optional<challenge_use> challenge) override {
    if (challenge && !spent.insert(challenge->nonce).second) co_return used();
    sessions[what.id] = {std::move(what)};
    co_return result<>{};
  }
  task<result<>> spend(challenge_use challenge) override {
    if (!spent.insert(challenge.nonce).second) co_return used();
    co_return result<>{};
  }
  task<result<std::optional<session>>> find(uuid id, time_point now) override {
    const auto at = sessions.find(id);
    if (at == sessions.end() || at->second.revoked || at->second.held.expires_at <= now) {
      co_return std::nullopt;
    }
    co_return at->second.held;
  }
  task<result<rotation_outcome>> rotate(uuid id, std::string presented, std::string successor,
                                        time_point now, std::chrono::milliseconds grace) override {
    const auto found = co_await find(id, now);
    if (!*found) co_return rotation_outcome::gone;
    session& at = sessions.at(id).held;
    if (at.refresh_hash == presented) {
      at.previous_hash = std::exchange(at.refresh_hash, successor);
      at.rotated_at = now;
      co_return rotation_outcome::rotated;
    }
    if (at.previous_hash == presented && at.refresh_hash == successor &&
        now <= at.rotated_at + grace) {
      co_return rotation_outcome::repeated;
    }
    sessions.at(id).revoked = true;
    ++epoch;
    co_return rotation_outcome::reused;
  }
  task<result<>> revoke(uuid id, time_point) override {
    if (const auto at = sessions.find(id); at != sessions.end()) at->second.revoked = true;
    ++epoch;
    co_return result<>{};
  }
  task<result<>> revoke_all(uuid account_id, time_point) override {
    revoke_but(account_id, uuid{});
    co_return result<>{};
  }
  task<result<std::int64_t>> revocation_epoch() override { co_return epoch; }
  task<result<>> sweep(time_point) override { co_return result<>{}; }

  void revoke_but(uuid account_id, uuid keep) {
    for (auto& [id, each] : sessions) {
      if (each.held.account_id == account_id && id != keep) each.revoked = true;
    }
    ++epoch;
  }

 private:
  static std::unexpected<fault> used() {
    return fail(fault_kind::conflict, "challenge_used", "used");
  }
};

struct memory_accounts : account_store {
  struct kept_code {
    mailed_code held;
    int tries = 0;
    bool used = false;
  };
  struct kept {
    account held;
    time_point pending_until;
    std::map<code_purpose, kept_code> codes;
  };
  std::map<uuid, kept> accounts;
  memory_sessions* sessions = nullptr;

  task<result<>> create(account who, mailed_code code, time_point pending_until) override {
    std::erase_if(accounts, [&](const auto& each) { return overdue(each.second, who.created_at); });
    for (const auto& [id, each] : accounts) {
      if (each.held.email == who.email) co_return taken("email");
      if (each.held.handle == who.handle) co_return taken("handle");
    }
    const uuid id = who.id;
    accounts[id] = {std::move(who), pending_until, {}};
    accounts[id].codes[code.purpose] = {std::move(code)};
    co_return result<>{};
  }
  task<result<std::optional<account>>> find(uuid id, time_point now) override {
    co_return first([&](const account& of) { return of.id == id; }, now);
  }
  task<result<std::optional<account>>> find_by_email(std::string email, time_point now) override {
    co_return first([&](const account& of) { return of.email == email; }, now);
  }
  task<result<std::optional<account>>> find_by_handle(std::string handle, time_point now) override {
    co_return first([&](const account& of) { return of.handle == handle; }, now);
  }
  task<result<>> put_code(uuid id, mailed_code code) override {
    const auto at = accounts.find(id);
    if (at != accounts.end()) at->second.codes[code.purpose] = {std::move(code)};
    co_return result<>{};
  }
  task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                        time_point now) override {
    const auto at = accounts.find(id);
    if (at == accounts.end() || !at->second.codes.contains(purpose)) co_return std::nullopt;
    const auto& code = at->second.codes.at(purpose);
    if (code.used || code.held.expires_at <= now) co_return std::nullopt;
    co_return code.held.email;
  }
  task<result<code_outcome>> confirm(uuid id, std::string hash, time_point now) override {
    const auto out = use(id, code_purpose::sign_up, hash, now);
    if (out == code_outcome::accepted) mark_confirmed(id);
    co_return out;
  }
  task<result<code_outcome>> reset_password(uuid id, std::string hash, password_proof password,
                                            time_point now) override {
    const auto out = use(id, code_purpose::password_reset, hash, now);
    if (out == code_outcome::accepted) {
      mark_confirmed(id);
      accounts.at(id).held.password = std::move(password);
      sessions->revoke_but(id, uuid{});
    }
    co_return out;
  }
  task<result<code_outcome>> change_email(uuid id, std::string hash, time_point now) override {
    const auto out = use(id, code_purpose::email_change, hash, now);
    if (out == code_outcome::accepted) {
      auto& of = accounts.at(id);
      of.held.email = of.codes.at(code_purpose::email_change).held.email;
      of.held.email_verified = true;
    }
    co_return out;
  }
  task<result<>> change_password(uuid id, password_proof password, uuid keep, time_point) override {
    accounts.at(id).held.password = std::move(password);
    sessions->revoke_but(id, keep);
    co_return result<>{};
  }
  task<result<>> change_names(uuid id, std::string handle, std::string display_name) override {
    for (const auto& [other, each] : accounts) {
      if (other != id && each.held.handle == handle) co_return taken("handle");
    }
    accounts.at(id).held.handle = std::move(handle);
    accounts.at(id).held.display_name = std::move(display_name);
    co_return result<>{};
  }
  task<result<>> remove(uuid id) override {
    accounts.erase(id);
    std::erase_if(sessions->sessions,
                  [&](const auto& each) { return each.second.held.account_id == id; });
    ++sessions->epoch;
    co_return result<>{};
  }
  task<result<>> sweep(time_point now) override {
    std::erase_if(accounts, [&](const auto& each) { return overdue(each.second, now); });
    co_return result<>{};
  }

 private:
  static bool overdue(const kept& of, time_point now) {
    return of.held.status == account_status::unconfirmed && of.pending_until <= now;
  }
  static std::unexpected<fault> taken(const char* what) {
    return fail(fault_kind::conflict, std::string{what} + "_taken", "taken", what);
  }
  void mark_confirmed(uuid id) {
    accounts.at(id).held.status = account_status::confirmed;
    accounts.at(id).held.email_verified = true;
  }
  std::optional<account> first(auto fits, time_point now) {
    for (const auto& [id, each] : accounts) {
      if (!overdue(each, now) && fits(each.held)) return each.held;
    }
    return std::nullopt;
  }
  code_outcome use(uuid id, code_purpose purpose, const std::string& hash, time_point now) {
    const auto at = accounts.find(id);
    if (at == accounts.end() || overdue(at->second, now)) return code_outcome::wrong;
    const auto code = at->second.codes.find(purpose);
    if (code == at->second.codes.end()) return code_outcome::wrong;
    if (code->second.held.hash != hash) {
      ++code->second.tries;
      return code_outcome::wrong;
    }
    if (code->second.used) return code_outcome::used;
    if (code->second.tries >= code_tries || code->second.held.expires_at <= now) {
      return code_outcome::expired;
    }
    code->second.used = true;
    return code_outcome::accepted;
  }
};

struct memory_profiles : profile_store {
  std::map<uuid, profile> profiles;  // by identity

  task<result<>> create(uuid identity, profile whose) override {
    for (const auto& [other, each] : profiles) {
      if (other != identity && each.handle == whose.handle) {
        co_return fail(fault_kind::conflict, "handle_taken", "taken", "handle");
      }
    }
    profiles.emplace(identity, std::move(whose));
    co_return result<>{};
  }
  task<result<bool>> any() override { co_return !profiles.empty(); }
  task<result<std::optional<uuid>>> find_id(uuid identity) override {
    const auto at = profiles.find(identity);
    if (at == profiles.end()) co_return std::nullopt;
    co_return at->second.id;
  }
  task<result<std::optional<profile>>> find(uuid id) override {
    for (const auto& [identity, each] : profiles) {
      if (each.id == id) co_return each;
    }
    co_return std::nullopt;
  }
  task<result<std::optional<profile>>> find_by_handle(std::string handle) override {
    for (const auto& [id, each] : profiles) {
      if (each.handle == handle) co_return each;
    }
    co_return std::nullopt;
  }
};

struct memory_keys : key_store {
  std::map<std::string, std::string> keys;

  task<result<std::optional<std::string>>> find(std::string name) override {
    const auto at = keys.find(name);
    if (at == keys.end()) co_return std::nullopt;
    co_return at->second;
  }
  task<result<std::string>> put_if_absent(std::string name, std::string sealed,
                                          time_point) override {
    co_return keys.emplace(name, sealed).first->second;
  }
};

}  // namespace cruddur::testing
