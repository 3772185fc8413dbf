// What the operations share: the pool's parts, and the steps that several of them take.
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

struct service {
  service(options of, parts with);

  options settings;
  parts in;
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

struct call {
  boost::json::object body;
  std::string address;
  time_point now;
  std::string cookies;                  // of the request
  std::shared_ptr<std::string> device;  // a device cookie's value for the answer, when one is due
};

// Whom a call speaks of. An unknown name gets the id that it would always have, so that all that
// follows looks alike.
struct subject {
  uuid id;
  std::optional<account> known;
  std::string address;  // where mail would go, as far as the caller knows
};

struct caller {
  account who;
  uuid session_id;
};

// `name` is an email in any case. No id is a name: those that are public would let anybody speak of
// an account whose email they don't know.
task<wire_result<subject>> look_up(service_ptr in, std::string name, time_point now);

// The account behind an access token, or NotAuthorizedException.
task<wire_result<caller>> authenticate(service_ptr in, std::string access_token, time_point now);

// ResourceNotFoundException unless it is the pool's client.
std::optional<wire_error> check_client(const service& in, std::string_view client_id);

std::optional<wire_error> limit_address(service& in, attempt what, const call& from);
std::optional<wire_error> limit_account(service& in, attempt what, std::string_view account,
                                        const call& from);
// Of what no stranger can name, whoever asks.
std::optional<wire_error> limit_account(service& in, attempt what, std::string_view account,
                                        time_point now);

// Counts a call that needs the blocking pool; false while too many are under way.
class heavy_call {
 public:
  explicit heavy_call(service_ptr in);
  ~heavy_call();
  heavy_call(const heavy_call&) = delete;
  heavy_call& operator=(const heavy_call&) = delete;

  explicit operator bool() const { return admitted_; }

 private:
  service_ptr in_;
  bool admitted_;
};

wire_error too_busy();

// Lets every other thread go first on a busy machine: a flood of sign-ins must not slow down those
// who read. For the calling thread, which is one of the pool's own.
void give_way();

// Runs `work` in the pool's threads. `work` owns what it uses.
template <class F>
auto run_heavy(const service_ptr& in, F work) {
  return in->in.heavy_work.run([work = std::move(work)]() mutable {
    give_way();
    return work();
  });
}

// A new salt and sealed verifier, made in the blocking pool.
task<result<password_proof>> prove_password(const service_ptr& in, uuid id, std::string password);

// Whether the password is the one of the subject; unknown ones take as long. In the blocking pool.
task<result<bool>> check_password(const service_ptr& in, subject who, std::string password);

// The raw verifier, or the phantom one. Throws when the sealed one does not fit the account.
std::string open_verifier(const service& in, const subject& who);

// Makes the profile of a confirmed account unless it is there; what goes wrong is logged and tried
// again at the next sign-in.
task<> ensure_profile(service_ptr in, account who, time_point now);

}  // namespace cruddur::user_pool
