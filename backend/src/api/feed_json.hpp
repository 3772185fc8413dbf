// A feed as JSON: the schema `ActivityList` of api/openapi.yaml.
#pragma once

#include "app/feed_format.hpp"

namespace cruddur::api {

// Its one flag is viewer.liked.
class feed_json : public feed_format {
 public:
  rendered_activity render(const activity& post) const override;
  std::string counts(const activity_counts& counts) const override;
  std::string_view opening() const override;
  std::string_view separator() const override;
  std::string closing(std::optional<uuid> last) const override;
  std::string_view set_flag() const override;
};

}  // namespace cruddur::api
