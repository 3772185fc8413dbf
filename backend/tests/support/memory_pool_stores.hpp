// The stores of the user pool in memory, for unit tests of the pool. Single-threaded.
#pragma once

#include <algorithm>
#include <map>
#include <set>

#include "ports/account_store.hpp"
#include "ports/key_store.hpp"
#include "ports/profile_store.hpp"
#include "ports/session_store.hpp"
#include "ports/sign_in_tries.hpp"

namespace cruddur::testing {

struct memory_sessions : session_store {
  struct kept {
    session held;
    bool revoked = false;
  };
  std::map<uuid, kept> sessions;
  std::set<std::string> spent;
  std::vector<uuid> revoked;  // in order

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
                                        time_point now) override {
    const auto found = co_await find(id, now);
    if (!*found) co_return rotation_outcome::gone;
    session& at = sessions.at(id).held;
    if (at.refresh_hash == presented) {
      at.previous_hash = std::exchange(at.refresh_hash, successor);
      at.rotated_at = now;
      co_return rotation_outcome::rotated;
    }
    if (at.previous_hash == presented && at.refresh_hash == successor) {
      co_return rotation_outcome::repeated;
    }
    end(id);
    co_return rotation_outcome::reused;
  }
  task<result<>> revoke(uuid id, time_point) override {
    end(id);
    co_return result<>{};
  }
  task<result<>> revoke_all(uuid account_id, time_point) override {
    revoke_but(account_id, uuid{});
    co_return result<>{};
  }
  task<result<>> settle(uuid id, std::string current) override {
    session& at = sessions.at(id).held;
    if (at.refresh_hash == current) at.previous_hash.clear();
    co_return result<>{};
  }
  task<result<revocations>> revoked_since(std::int64_t version, time_point, std::size_t) override {
    const auto all = static_cast<std::int64_t>(revoked.size());
    const auto first = revoked.begin() + std::min(version, all);
    co_return revocations{all, {first, revoked.end()}, false};
  }
  task<result<>> sweep(time_point) override { co_return result<>{}; }

  void revoke_but(uuid account_id, uuid keep) {
    for (auto& [id, each] : sessions) {
      if (each.held.account_id == account_id && id != keep) end(id);
    }
  }
  void end(uuid id) {
    const auto at = sessions.find(id);
    if (at == sessions.end() || std::exchange(at->second.revoked, true)) return;
    revoked.push_back(id);
  }

 private:
  static std::unexpected<fault> used() {
    return fail(fault_kind::conflict, "challenge_used", "used");
  }
};

// Without the common bounds of strange places: those are the database's.
struct memory_tries : sign_in_tries {
  struct kept {
    int tries = 0;
    time_point free_at{};
  };
  std::map<std::pair<uuid, std::string>, kept> places;
  std::set<std::pair<uuid, std::string>> known;

  task<result<bool>> begin(uuid account, std::string place, bool is_vouched,
                           time_point now) override {
    const std::pair name{account, std::move(place)};
    auto& of = places[name];
    if (now < of.free_at) co_return false;
    const int free = is_vouched || known.contains(name) ? sign_in_bounds::free_tries_known
                                                        : sign_in_bounds::free_tries;
    if (++of.tries >= free) {
      const int doublings = std::min(of.tries - free, 10);
      of.free_at = now + std::min(std::chrono::seconds{1 << doublings}, std::chrono::seconds{900});
    }
    co_return true;
  }
  task<result<>> succeeded(uuid account, std::string place, time_point) override {
    places.erase({account, place});
    known.emplace(account, std::move(place));
    co_return result<>{};
  }
  task<result<>> abandoned(uuid account, std::string place) override {
    places.erase({account, std::move(place)});
    co_return result<>{};
  }
  task<result<>> sweep(time_point) override { co_return result<>{}; }
};

struct memory_accounts : account_store {
  struct kept_code {
    mailed_code held;
    time_point made_at{};
    bool used = false;
  };
  struct kept {
    account held;
    time_point pending_until;
  };
  struct kept_allowance {
    time_point hour_full_at;
    time_point day_full_at;
  };
  std::map<uuid, std::map<code_purpose, kept_code>> codes;
  std::map<std::string, kept_allowance> allowances;
  std::map<std::string, time_point> reserved;
  std::map<uuid, kept> accounts;
  memory_sessions* sessions = nullptr;

  task<result<>> create(account who, mailed_code code, time_point pending_until) override {
    std::erase_if(accounts, [&](const auto& each) { return overdue(each.second, who.created_at); });
    std::erase_if(accounts, [&](const auto& each) {
      return each.second.held.email == who.email &&
             each.second.held.status == account_status::unconfirmed;
    });
    for (const auto& [id, each] : accounts) {
      if (each.held.email == who.email) co_return taken("email");
      if (each.held.handle == who.handle) co_return taken("handle");
    }
    const uuid id = who.id;
    accounts[id] = {std::move(who), pending_until};
    const time_point made_at = accounts[id].held.created_at;
    codes[id][code.purpose] = {std::move(code), made_at};
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
  uuid stand_in(uuid id) const override {
    id.bytes.back() ^= 1U;
    return id;
  }
  task<result<bool>> take_mail(std::string destination, time_point now) override {
    auto& of = allowances[destination];
    using bounds = mail_allowance;
    if (of.hour_full_at > now + (bounds::hour_burst - 1) * bounds::hour_step ||
        of.day_full_at > now + (bounds::day_burst - 1) * bounds::day_step) {
      co_return false;
    }
    of.hour_full_at = std::max(of.hour_full_at, now) + bounds::hour_step;
    of.day_full_at = std::max(of.day_full_at, now) + bounds::day_step;
    co_return true;
  }
  task<result<code_offer>> offer_code(uuid id, mailed_code code, std::string destination,
                                      time_point now) override {
    const auto mailable = co_await take_mail(std::move(destination), now);
    auto& mine = codes[id];
    const auto at = mine.find(code.purpose);
    if (at != mine.end() && !at->second.used && at->second.made_at > now - longest_code_life &&
        at->second.held.email == code.email) {
      at->second.held.expires_at = code.expires_at;
      co_return code_offer{*mailable, at->second.held.seed};
    }
    if (!*mailable) co_return code_offer{};
    std::string seed = code.seed;
    mine[code.purpose] = {std::move(code), now};
    co_return code_offer{true, std::move(seed)};
  }
  task<result<std::optional<std::string>>> code_address(uuid id, code_purpose purpose,
                                                        time_point now) override {
    const auto at = codes.find(id);
    if (at == codes.end() || !at->second.contains(purpose)) co_return std::nullopt;
    const auto& code = at->second.at(purpose);
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
      of.held.email = codes.at(id).at(code_purpose::email_change).held.email;
      of.held.email_verified = true;
    }
    co_return out;
  }
  task<result<>> change_password(uuid id, password_proof password, uuid keep, time_point) override {
    accounts.at(id).held.password = std::move(password);
    sessions->revoke_but(id, keep);
    co_return result<>{};
  }
  task<result<bool>> is_reserved(std::string handle, time_point now) override {
    const auto at = reserved.find(handle);
    co_return at != reserved.end() && at->second > now;
  }
  task<result<>> remove(uuid id, std::string handle, time_point now) override {
    if (accounts.contains(id)) reserved[handle] = now + handle_rest;
    codes.erase(id);
    accounts.erase(id);
    sessions->revoke_but(id, uuid{});
    std::erase_if(sessions->sessions,
                  [&](const auto& each) { return each.second.held.account_id == id; });
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
    auto& mine = codes[id];
    const auto code = mine.find(purpose);
    if (code == mine.end()) return code_outcome::wrong;
    if (code->second.held.hash != hash) return code_outcome::wrong;
    if (code->second.used) return code_outcome::used;
    if (code->second.held.expires_at <= now) {
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
  task<result<std::vector<std::string>>> existing(std::vector<std::string> handles) override {
    std::erase_if(handles, [this](const std::string& handle) {
      return std::ranges::none_of(
          profiles, [&handle](const auto& each) { return each.second.handle == handle; });
    });
    co_return handles;
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
