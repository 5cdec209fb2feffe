// Reads a store's pages without SQLite, in stores that SQLite wrote.
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "spool/salvage/store_pages.hpp"
#include "spool/tables/all_tables.hpp"
#include "sqlite/database.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using namespace watchpost::support;

namespace {

namespace fs = std::filesystem;

// A database of rows (rowid, number, text); the text begins with the number and has `size` bytes.
struct Written {
  TempDirectory directory;
  fs::path file = directory.path() / "rows.db";
  sqlite::Database database;

  Written() {
    database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create).value();
    database
        .execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            "PRAGMA user_version=7;"
            "CREATE TABLE rows (id INTEGER PRIMARY KEY, number INTEGER, text TEXT) STRICT;"
            "CREATE TABLE names (name TEXT PRIMARY KEY, number INTEGER) STRICT, WITHOUT ROWID")
        .value();
  }
  void add(std::int64_t number, std::size_t size) {
    auto insert = database.prepare("INSERT INTO rows (number, text) VALUES (?1, ?2)").value();
    const auto text = text_of(number, size);
    insert.bind(1, number);
    insert.bind(2, text);
    insert.run().value();
  }
  // The next numbers, from 1.
  void add_up_to(std::int64_t last, std::size_t size) {
    while (added_ < last) add(++added_, size);
  }
  void add_names(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      auto insert = database.prepare("INSERT INTO names VALUES (?1, ?2)").value();
      const auto name = name_of(i);  // outlives the step that reads it
      insert.bind(1, name);
      insert.bind(2, i);
      insert.run().value();
    }
  }
  void checkpoint() { (void)database.checkpoint(sqlite::Database::Checkpoint::truncate).value(); }
  static std::string text_of(std::int64_t number, std::size_t size) {
    std::string text(size, static_cast<char>('a' + number % 26));
    return std::to_string(number) + text;
  }
  static std::string name_of(std::int64_t number) { return "client-" + std::to_string(number); }

 private:
  std::int64_t added_ = 0;
};

// Stands in for the checksum: behind its number, the text of a genuine row repeats one letter.
bool is_genuine(const Row& columns) {
  const auto prefix = std::to_string(columns[1].integer);
  const auto text = columns[2].bytes;
  const auto letter = static_cast<char>('a' + columns[1].integer % 26);
  return text.starts_with(prefix) &&
         text.find_first_not_of(letter, prefix.size()) == std::string_view::npos;
}

std::set<std::int64_t> numbers_in(const fs::path& file) {
  std::set<std::int64_t> numbers;
  const auto pages = StorePages::open(file).value();
  pages.visit_all([&](const Cell& cell, std::string_view payload, const StorePages::RowOrigin&) {
    const auto columns = read_columns(payload);
    if (!columns || columns->size() != 3 || !is_genuine(*columns)) return false;
    if (cell.rowid == (*columns)[1].integer) numbers.insert(cell.rowid);
    return true;
  });
  return numbers;
}

// The genuine rows that have no rowid. `unlisted`: only those that no list of their page names.
enum class Names { all, unlisted };
std::size_t names_in(const fs::path& file, Names wanted) {
  std::set<std::int64_t> found;
  const auto pages = StorePages::open(file).value();
  pages.visit_all([&](const Cell& cell, std::string_view payload, const StorePages::RowOrigin&) {
    const auto columns = read_columns(payload);
    if (cell.has_rowid || !columns || columns->size() != 2) return false;
    if (wanted == Names::unlisted && cell.is_listed) return false;
    if ((*columns)[0].bytes != Written::name_of((*columns)[1].integer)) return false;
    found.insert((*columns)[1].integer);
    return true;
  });
  return found.size();
}

std::set<std::int64_t> up_to(std::int64_t last) {
  std::set<std::int64_t> numbers;
  for (std::int64_t i = 1; i <= last; ++i) numbers.insert(i);
  return numbers;
}

// Copies the files as a killed process leaves them, because SQLite's own close would mend and
// remove the WAL.
struct Copy {
  TempDirectory directory;
  fs::path file = directory.path() / "rows.db";
  fs::path wal = directory.path() / "rows.db-wal";

  explicit Copy(const Written& written) {
    fs::copy_file(written.file, file);
    const fs::path from = written.file.string() + "-wal";
    if (fs::exists(from)) fs::copy_file(from, wal);
  }
};

// Rows 1 to `last` of 100 bytes, all in the database itself.
Copy checkpointed_rows(std::int64_t last) {
  Written written;
  written.add_up_to(last, 100);
  written.checkpoint();
  return Copy(written);
}

void overwrite(const fs::path& path, std::uint64_t at, const std::string& bytes) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(at));
  file << bytes;
}

void flip(const fs::path& path, std::uint64_t at) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto byte = file.get();
  overwrite(path, at, std::string(1, static_cast<char>(byte ^ 0x10)));
}

// Where the pages begin, but for the first.
std::vector<std::uint64_t> later_pages(const fs::path& file) {
  std::vector<std::uint64_t> pages;
  for (std::uint64_t at = kPageSize; at < fs::file_size(file); at += kPageSize) pages.push_back(at);
  return pages;
}

// Damages header and list of every page but the first.
void damage_lists(const fs::path& file) {
  for (const auto page : later_pages(file)) overwrite(file, page, std::string(100, '\xA5'));
}

constexpr std::uint64_t kFrame = 24 + kPageSize;
std::uint64_t frame_at(std::size_t frame) {
  return 32 + frame * kFrame;
}

}  // namespace

TEST_CASE("every row is found without SQLite, in the database and in its WAL", "[spool][unit]") {
  Written written;
  std::int64_t last = 0;
  // Sizes around each bound of what stays on a page, and over several overflow pages.
  for (const std::size_t size : {0, 1, 60, 500, 4020, 4040, 4041, 4042, 4043, 4050, 4061, 4062,
                                 4063, 4100, 8150, 8200, 20'000, 300'000}) {
    for (int i = 0; i < 3; ++i) written.add(++last, size);
  }
  const auto in_wal = numbers_in(Copy(written).file);
  CHECK(in_wal == up_to(last));
  written.checkpoint();
  for (int i = 0; i < 40; ++i) written.add(++last, 300);
  CHECK(numbers_in(Copy(written).file) == up_to(last));
}

TEST_CASE("rows of a table without rowids are found, on leaves and above them", "[spool][unit]") {
  Written written;
  written.add_names(2'000);
  written.checkpoint();
  CHECK(names_in(written.file, Names::all) == 2'000);
}

TEST_CASE("no page is read once nothing more can be kept", "[spool][unit]") {
  Written written;
  written.add_up_to(200, 1'000);
  written.checkpoint();
  written.add_up_to(400, 1'000);
  const Copy copy(written);
  std::size_t pages_asked = 0;
  std::size_t rows = 0;
  const auto pages = StorePages::open(copy.file).value();
  pages.visit_all(
      [&](const Cell&, std::string_view, const StorePages::RowOrigin&) { return ++rows > 0; },
      [&] { return ++pages_asked <= 3; });
  CHECK(rows > 0);
  CHECK(rows < 20);
}

TEST_CASE("the header of each row without a rowid fits into what the search expects",
          "[spool][unit]") {
  for (const Table* table : all_tables()) {
    INFO(table->name());
    // A header has its own size and a type of at most five bytes for each column.
    if (!table->has_rowid()) CHECK(1 + 5 * table->columns().size() <= kLongestKeyedHeader);
  }
}

TEST_CASE("rows without rowids are found where the list of their page is gone", "[spool][unit]") {
  Written written;
  written.add_names(60);
  written.checkpoint();
  const Copy copy(written);
  damage_lists(copy.file);
  CHECK(names_in(copy.file, Names::unlisted) == 60);
}

TEST_CASE("a page whose list of rows is gone still yields its rows", "[spool][unit]") {
  const Copy copy = checkpointed_rows(200);
  damage_lists(copy.file);
  CHECK(numbers_in(copy.file) == up_to(200));
}

TEST_CASE("a file cut anywhere yields the rows before the cut", "[spool][unit]") {
  const Copy copy = checkpointed_rows(100);
  std::size_t before = numbers_in(copy.file).size();
  while (fs::file_size(copy.file) > 300) {
    fs::resize_file(copy.file, fs::file_size(copy.file) - 300);
    const auto now = numbers_in(copy.file).size();
    CHECK(before - now <= 4);
    before = now;
  }
  CHECK(before == 0);
}

TEST_CASE("the schema version is read without SQLite, from the WAL where it is newer",
          "[spool][unit]") {
  Written written;
  CHECK(StorePages::open(Copy(written).file).value().schema_version() == 7U);
  written.checkpoint();
  written.database.execute("PRAGMA user_version=9").value();
  CHECK(StorePages::open(Copy(written).file).value().schema_version() == 9U);
  const Copy copy(written);
  overwrite(copy.file, 0, "no database");
  fs::remove(copy.wal);
  CHECK_FALSE(StorePages::open(copy.file).value().schema_version());
}

TEST_CASE("a torn end of the WAL is told from damage before its end", "[spool][unit]") {
  Written written;
  written.checkpoint();
  written.add_up_to(12, 300);  // each in a commit of its own
  const auto sound = WalFile::open(Copy(written).wal).value();
  const auto count = sound.frames().size();
  REQUIRE(count >= 12);
  CHECK(sound.committed() == count);
  CHECK_FALSE(sound.is_damaged());

  SECTION("the end is missing, or its last frame torn") {
    const Copy copy(written);
    const auto whole = fs::file_size(copy.wal);
    for (std::uint64_t cut = 1; cut < kFrame; cut += 97) {
      fs::resize_file(copy.wal, whole - cut);
      CHECK_FALSE(WalFile::open(copy.wal).value().is_damaged());
    }
    const Copy torn(written);
    overwrite(torn.wal, frame_at(count - 1) + 2'000, std::string(1'000, '\0'));
    CHECK_FALSE(WalFile::open(torn.wal).value().is_damaged());
  }
  SECTION("a frame before the end is damaged: commits behind it were acknowledged") {
    for (std::size_t frame = 0; frame + 3 < count; ++frame) {
      const Copy copy(written);
      overwrite(copy.wal, frame_at(frame) + 24 + 2'000, std::string(10, '\xA5'));
      CHECK(WalFile::open(copy.wal).value().is_damaged());
      CHECK(numbers_in(copy.file) == up_to(12));
    }
  }
  SECTION("the header is damaged: SQLite would take the whole WAL for empty") {
    for (std::uint64_t at = 0; at < 32; ++at) {
      const Copy copy(written);
      flip(copy.wal, at);
      const auto wal = WalFile::open(copy.wal).value();
      CHECK(wal.committed() == 0);
      CHECK(wal.is_damaged());
      CHECK(numbers_in(copy.file) == up_to(12));
    }
  }
}

TEST_CASE("frames of an older generation behind the end are no damage", "[spool][unit]") {
  Written written;
  written.add_up_to(30, 300);
  // The checkpoint moves everything but does not cut the file, so the next commit begins the WAL
  // anew over the old frames.
  (void)written.database.checkpoint(sqlite::Database::Checkpoint::passive).value();
  written.add_up_to(31, 300);
  const Copy copy(written);
  const auto wal = WalFile::open(copy.wal).value();
  REQUIRE(wal.frames().size() > 20);
  CHECK(wal.committed() < 10);
  CHECK_FALSE(wal.is_damaged());
  CHECK(numbers_in(copy.file) == up_to(31));
}

TEST_CASE("a WAL that began anew with only a part of its new header is missed by nobody",
          "[spool][unit]") {
  Written written;
  written.add_up_to(12, 300);
  // The last byte of the checkpoint sequence number: 16 of the 32 bytes of the header end there
  // (fileformat2.html section 4.1).
  constexpr std::uint64_t kLastOfHalf = 15;
  const Copy before(written);
  flip(before.wal, kLastOfHalf);
  CHECK(StorePages::open(before.file).value().misses_wal());

  (void)written.database.checkpoint(sqlite::Database::Checkpoint::passive).value();
  const Copy copy(written);
  flip(copy.wal, kLastOfHalf);
  const auto pages = StorePages::open(copy.file).value();
  CHECK(pages.wal().is_damaged());
  CHECK_FALSE(pages.misses_wal());
  CHECK(numbers_in(copy.file) == up_to(12));
  // SQLite would read the frames before the break, whose pages are older than those of the
  // database.
  const Copy broken(written);
  overwrite(broken.wal, frame_at(2) + 24 + 2'000, std::string(10, '\xA5'));
  CHECK(StorePages::open(broken.file).value().misses_wal());
  // One page of the WAL that the database does not have is enough.
  overwrite(copy.file, 4'096 + 2'000, "damaged");
  CHECK(StorePages::open(copy.file).value().misses_wal());
}

TEST_CASE("what is no regular file counts as empty", "[spool][unit]") {
  const TempDirectory directory;
  CHECK(StorePages::open(directory.path() / "missing").value().is_empty());
  CHECK(StorePages::open(directory.path()).value().is_empty());
  fs::create_symlink("/dev/zero", directory.path() / "link");
  CHECK(StorePages::open(directory.path() / "link").value().is_empty());
  CHECK(StorePages::open("/dev/null").value().is_empty());
}

TEST_CASE("a list that names fewer rows than the page has hides none", "[spool][unit]") {
  const Copy copy = checkpointed_rows(200);
  const std::size_t list = GENERATE(3, 4, 5, 8);  // count, its low byte, begin of content, a cell
  for (const auto page : later_pages(copy.file)) {
    overwrite(copy.file, page + list, std::string(1, '\1'));
  }
  INFO("byte " << list);
  CHECK(numbers_in(copy.file) == up_to(200));
}

TEST_CASE("a list that names one row twice and another not at all hides none", "[spool][unit]") {
  const Copy copy = checkpointed_rows(200);
  for (const auto page : later_pages(copy.file)) {
    std::ifstream file(copy.file, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(page + 8));
    std::string first(2, '\0');
    file.read(first.data(), 2);
    overwrite(copy.file, page + 10, first);
  }
  CHECK(numbers_in(copy.file) == up_to(200));
}
