#include "adapters/sql/content_vault.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/digest.hpp"
#include "base/sealing.hpp"

namespace cruddur::sql {
namespace {

using steady_clock = std::chrono::steady_clock;

constexpr std::size_t most_unopened = 4096;

constexpr std::string_view mac_label = "cruddur content mac";

std::string context_of(content_kind kind, uuid id) {
  std::string out(1 + id.bytes.size(), static_cast<char>(kind));
  std::ranges::copy(id.bytes, out.begin() + 1);
  return out;
}

std::string mac_under(const secret& key, std::string_view text) {
  return std::string{as_view(hmac_sha256(derive_key(key.view(), mac_label), text))};
}

}  // namespace

content_key::content_key(content_key&& other) noexcept
    : vault_{std::exchange(other.vault_, nullptr)}, key_{other.key_} {}

content_key::~content_key() {
  if (vault_) vault_->doubt({key_.slot});
}

std::string content_key::seal(content_kind kind, uuid id, std::string_view text) const {
  return cruddur::seal(key_.key.view(), context_of(kind, id), text);
}

std::string content_key::mac(std::string_view text) const {
  return mac_under(key_.key, text);
}

void content_key::keep() {
  vault_ = nullptr;
}

void content_key::drop() {
  if (auto* const vault = std::exchange(vault_, nullptr)) vault->add_dropped(key_.slot);
}

void content_key::settle(const driver_error& error) {
  if (!is_refusal(error.kind) || error.kind == driver_fault::busy) drop();
}

task<result<content_key>> content_vault::take(key_term term) {
  auto taken = co_await take(1, term);
  if (!taken) co_return std::unexpected(std::move(taken.error()));
  co_return std::move(taken->front());
}

task<result<std::vector<content_key>>> content_vault::take(std::size_t count, key_term term) {
  auto reserved = co_await keys_.reserve(count, term);
  if (!reserved) co_return explain(reserved.error());
  std::vector<content_key> out;
  out.reserve(count);
  for (reserved_key& each : *reserved) out.emplace_back(*this, std::move(each));
  co_return out;
}

task<result<std::vector<std::optional<std::string>>>> content_vault::open(
    std::vector<sealed_record> records) {
  const auto now = steady_clock::now();
  std::vector<std::optional<std::string>> out(records.size());
  std::vector<key_slot> missing;
  std::unordered_map<key_slot, std::size_t> first;  // the record that is opened for a slot
  for (std::size_t i = 0; i < records.size(); ++i) {
    const sealed_record& each = records[i];
    if (!first.try_emplace(each.slot, i).second) continue;
    if (each.kind == content_kind::profile) {
      out[i] = profiles_.find(each.slot, each.id, each.bytes, now);
    }
    if (!out[i] && !each.key) missing.push_back(each.slot);
  }
  for (std::size_t begin = 0; begin < missing.size(); begin += content_keys::batch_limit) {
    const auto end = std::min(missing.size(), begin + content_keys::batch_limit);
    const std::vector<key_slot> slots(missing.begin() + static_cast<std::ptrdiff_t>(begin),
                                      missing.begin() + static_cast<std::ptrdiff_t>(end));
    auto keys = co_await keys_.load(slots);
    if (!keys) co_return explain(keys.error());
    for (std::size_t i = 0; i < slots.size(); ++i) records[first[slots[i]]].key = (*keys)[i];
  }
  unsealer unsealer;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const sealed_record& each = records[i];
    const std::size_t source = first[each.slot];
    if (source != i) {
      out[i] = out[source];
      continue;
    }
    if (out[i]) continue;
    if (each.key) {
      out[i] = unsealer.open(each.key->view(), context_of(each.kind, each.id), each.bytes);
    }
    if (!out[i]) {
      add_unopened(each.slot);
    } else if (each.kind == content_kind::profile) {
      profiles_.add(each.slot, each.id, each.bytes, *out[i], now);
    }
  }
  co_return out;
}

task<result<bool>> content_vault::has_mac(key_slot slot, std::string_view text,
                                          std::string_view mac) {
  const auto keys = co_await keys_.load({slot});
  if (!keys) co_return explain(keys.error());
  co_return keys->front() && equal_constant_time(mac_under(*keys->front(), text), mac);
}

// A store in a database has told of it already, and says what callers are to hear.
std::unexpected<fault> content_vault::explain(const fault& fault) const {
  if (fault.codes.front() != "keys_unavailable") return std::unexpected(fault);
  if (on_fault_) on_fault_(fault.detail);
  return fail(fault_kind::unavailable, "keys_unavailable",
              "Posts can't be opened or sealed now. Try again in a moment.",
              std::chrono::seconds{1});
}

void content_vault::add_dropped(key_slot slot) {
  const std::lock_guard lock{mutex_};
  dropped_.push_back(slot);
}

void content_vault::add_unopened(key_slot slot) {
  const std::lock_guard lock{mutex_};
  if (unopened_.size() >= most_unopened) return;
  if (unopened_.insert(slot).second) not_looked_up_.push_back(slot);
}

task<result<>> content_vault::count_lost(ended_keys& contents) {
  std::vector<key_slot> slots;
  {
    const std::lock_guard lock{mutex_};
    slots = std::exchange(not_looked_up_, {});
  }
  if (slots.empty()) co_return result<>{};
  const auto stored = co_await contents.in_use(slots);
  if (!stored) {
    const std::lock_guard lock{mutex_};
    not_looked_up_.insert(not_looked_up_.end(), slots.begin(), slots.end());
    co_return std::unexpected(stored.error());
  }
  lost_.fetch_add(stored->size(), std::memory_order_relaxed);
  co_return result<>{};
}

std::vector<key_slot> content_vault::take_dropped() {
  const std::lock_guard lock{mutex_};
  return std::exchange(dropped_, {});
}

std::vector<key_slot> content_vault::take_doubtful(steady_clock::duration age) {
  const auto youngest = steady_clock::now() - age;
  const std::lock_guard lock{mutex_};
  std::vector<key_slot> out;
  std::erase_if(doubtful_, [&](const doubtful& each) {
    if (each.since > youngest) return false;
    out.push_back(each.slot);
    return true;
  });
  return out;
}

void content_vault::doubt(const std::vector<key_slot>& slots) {
  const auto now = steady_clock::now();
  const std::lock_guard lock{mutex_};
  for (const key_slot each : slots) doubtful_.push_back({each, now});
}

}  // namespace cruddur::sql
