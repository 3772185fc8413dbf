// What happens to activities, told to whoever keeps something of them. An event is published after
// its change is durable and before the caller is answered.
#pragma once

#include <variant>
#include <vector>

#include "domain/activity.hpp"
#include "ports/reactions.hpp"

namespace cruddur {

struct activity_posted {
  const activity& posted;  // as long as the call
};
struct activity_counted {
  uuid id;
  activity_counts counts;
};
struct activity_reacted {
  uuid id;
  uuid person;
  reaction kind;
  bool is_on;
  std::int64_t revision;
};
// By its author or by time, or it became a tombstone.
struct activity_removed {
  uuid id;
};
// With everything of theirs.
struct author_removed {
  uuid id;
};

using activity_event = std::variant<activity_posted, activity_counted, activity_reacted,
                                    activity_removed, author_removed>;

// Called from any event loop; must not block. Two events of one activity may come in either order:
// the revision tells which is newer.
class activity_observer {
 public:
  virtual ~activity_observer() = default;

  virtual void on(const activity_event& event) = 0;
};

// Passes everything on, in order. Observers must outlive it.
class activity_observers : public activity_observer {
 public:
  explicit activity_observers(std::vector<activity_observer*> observers)
      : observers_{std::move(observers)} {}

  void on(const activity_event& event) override {
    for (auto* each : observers_) each->on(event);
  }

 private:
  std::vector<activity_observer*> observers_;
};

}  // namespace cruddur
