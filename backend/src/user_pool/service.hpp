// What the operations share: the pool's parts, and the steps that several of them take.
//
// Three words for a person: an `account` is what the pool keeps, a `profile` what the rest of the
// program shows, and a `caller` the account that a request's access token belongs to.
#pragma once

#include <atomic>

#include <boost/json/object.hpp>

#include "user_pool/key_ring.hpp"
#include "user_pool/limits.hpp"
#include "user_pool/places.hpp"
#include "user_pool/tokens.hpp"
#include "user_pool/user_pool.hpp"
#include "user_pool/wire.hpp"

namespace cruddur::user_pool {

// The pool's parts (accounts, sessions, …) are its members.
struct service : parts {
  service(options pool_options, parts pool_parts);

  options settings;
  key_ring keys;
  std::string pool_name;  // the pool id after its '_'
  attempt_limits limits;
  std::atomic<int> heavy_calls{0};
  std::atomic<std::uint64_t> hashes{0};  // of passwords, and SRP steps that cost as much
  std::atomic<int> background_mails{0};

  token_rules rules() const {
    return {settings.issuer, settings.client_id, settings.token_lifetime};
  }
  void log(std::string_view sentence) const {
    if (settings.on_error) settings.on_error(sentence);
  }
};

using service_ptr = std::shared_ptr<service>;

struct wire_request {
  boost::json::object body;
  std::string address;
  time_point now;
  std::string cookies;
  // A device cookie's value for the answer, when one is due.
  std::shared_ptr<std::string> device;
};

// The account that a request names, which may not exist. Then it has the id that this name always
// gets, so that all that follows does the same work.
struct account_lookup {
  uuid id;
  // What the stores know it by: another id where there is no account (account_store::stand_in()).
  uuid stored_id;
  std::optional<cruddur::account> account;
  std::string address;  // where mail would go, as far as the caller knows
};

struct caller {
  cruddur::account account;
  uuid session_id;
};

// `name` is an email in any case. No id is a name: those that are public would let anybody ask
// about an account whose email they don't know.
task<wire_result<account_lookup>> look_up(service_ptr pool, std::string name, time_point now);

// The account behind an access token, or NotAuthorizedException.
task<wire_result<caller>> authenticate(service_ptr pool, std::string access_token, time_point now);

// ResourceNotFoundException unless it is the pool's client.
std::optional<wire_error> check_client(const service& pool, std::string_view client_id);

// One try from the bucket of the request's address.
std::optional<wire_error> limit_address(service& pool, attempt kind, const wire_request& request);

// One try from the bucket of an account and the request's address.
std::optional<wire_error> limit_account(service& pool, attempt kind, std::string_view account,
                                        const wire_request& request);

// One try from the bucket of something that no stranger can name, whoever asks.
std::optional<wire_error> limit_account(service& pool, attempt kind, std::string_view account,
                                        time_point now);

// Lets a call that needs the blocking pool go on, unless too many are under way: then it is false,
// and the answer is too_busy(). Counts the call until it is destroyed.
class admission {
 public:
  explicit admission(service_ptr pool);
  ~admission();
  admission(const admission&) = delete;
  admission& operator=(const admission&) = delete;

  explicit operator bool() const { return is_granted_; }

 private:
  service_ptr pool_;
  bool is_granted_;
};

wire_error too_busy();

// On a busy machine the calling thread runs after all others: a flood of sign-ins must not slow
// down those who read. The thread must be one of the blocking pool's.
void lower_priority();

// Runs `work` in the blocking pool. `work` owns what it uses.
template <class F>
auto run_heavy(const service_ptr& pool, F work) {
  return pool->heavy_work.run([work = std::move(work)]() mutable {
    lower_priority();
    return work();
  });
}

// A new salt and sealed verifier, made in the blocking pool.
task<result<password_proof>> prove_password(const service_ptr& pool, uuid account_id,
                                            std::string password);

// Whether the password is the account's; takes as long when there is no account. In the blocking
// pool.
task<result<bool>> check_password(const service_ptr& pool, account_lookup lookup,
                                  std::string password);

// The account's raw verifier, or the phantom one. Throws when the sealed one does not fit the
// account.
std::string open_verifier(const service& pool, const account_lookup& lookup);

// Makes the profile of a confirmed account unless it is there. A failure is logged, and the next
// sign-in tries again.
task<> ensure_profile(service_ptr pool, account account, time_point now);

}  // namespace cruddur::user_pool
