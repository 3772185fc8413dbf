// Hears of every change to activities that this process makes, after it is durable and before the
// caller is answered.
#pragma once

#include <vector>

#include "domain/activity.hpp"

namespace cruddur {

// Called from any event loop; must not block. Two changes of one activity may come in either order:
// the revision tells.
class activity_observer {
 public:
  virtual ~activity_observer() = default;

  virtual void posted(const activity& what) = 0;
  virtual void counted(uuid id, const activity_counts& counts) = 0;
  virtual void liked(uuid id, uuid by, bool liked, std::int64_t revision) = 0;
  virtual void removed(uuid id) = 0;          // by its author or by time, or become a tombstone
  virtual void author_removed(uuid who) = 0;  // with everything of theirs
};

// Passes everything on, in order. Observers must outlive it.
class activity_observers : public activity_observer {
 public:
  explicit activity_observers(std::vector<activity_observer*> to) : to_{std::move(to)} {}

  // Before anything happens that is to be heard.
  void add(activity_observer& another) { to_.push_back(&another); }

  void posted(const activity& what) override {
    for (auto* each : to_) each->posted(what);
  }
  void counted(uuid id, const activity_counts& counts) override {
    for (auto* each : to_) each->counted(id, counts);
  }
  void liked(uuid id, uuid by, bool liked, std::int64_t revision) override {
    for (auto* each : to_) each->liked(id, by, liked, revision);
  }
  void removed(uuid id) override {
    for (auto* each : to_) each->removed(id);
  }
  void author_removed(uuid who) override {
    for (auto* each : to_) each->author_removed(who);
  }

 private:
  std::vector<activity_observer*> to_;
};

}  // namespace cruddur
