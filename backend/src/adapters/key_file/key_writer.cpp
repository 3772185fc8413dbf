#include "adapters/key_file/key_writer.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/random.hpp"

namespace cruddur::key_file {

result<key_writer> key_writer::create(const std::filesystem::path& path) {
  if (auto made = make_folder(folder_of(path)); !made) {
    return std::unexpected(std::move(made.error()));
  }
  if (auto cleared = shred(path); !cleared) return std::unexpected(std::move(cleared.error()));
  descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  if (file.number < 0) return cannot("make", path, errno);
  return key_writer{std::move(file), path};
}

result<> key_writer::append(const key_extent& extent) {
  if (extent.header.ended.all()) return {};
  std::string bytes = to_bytes(extent.header);
  bytes.resize(page_size);
  for (std::size_t i = 0; i < keys_in_extent; ++i) {
    if (extent.header.ended[i]) {
      bytes += random_bytes(secret::size);
    } else {
      bytes += extent.keys[i].view();
    }
  }
  const int error = write_all(file_.number, bytes, offset_of_extent(extents_));
  digest_.add(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (error != 0) return cannot("write", path_, error);
  ++extents_;
  return {};
}

result<> key_writer::finish(const identity& self, std::string_view note) {
  std::string page = to_bytes(file_header{self, extents_});
  if (!note.empty()) page += note_bytes(note);
  page.resize(page_size);
  if (::fsync(file_.number) != 0) return cannot("write", path_, errno);
  int error = write_all(file_.number, page, 0);
  if (error == 0 && ::fsync(file_.number) != 0) error = errno;
  if (error != 0) return cannot("write", path_, error);
  return sync_folder(folder_of(path_));
}

}  // namespace cruddur::key_file
