#!/usr/bin/python3
"""Each rule fails on a small bad sample, and is silent on the good sample beside it."""
import pathlib
import re
import tempfile
import unittest

import tidy
from rules_built import check_built

TABLES = tidy.read_toml(tidy.HERE / 'layers.toml')


def found(path, text):
    """The rules that `text` breaks, as (line, rule)."""
    return [(line, rule) for line, rule, _ in tidy.check_file(path, text, TABLES)]


def inside_coroutine(statement, line=2):
    """True where a statement in the body of a coroutine breaks the rule of coroutines."""
    text = f'asio::awaitable<void> run(int a) {{\n  {statement}\n}}\n'
    return (line, 'coroutine') in found('daemon/ingress/a.cpp', text)


class Layers(unittest.TestCase):
    def test_a_layer_includes_only_lower_ones(self):
        self.assertEqual(found('daemon/model/a.cpp', '#include "spool/spool.hpp"\n'), [(1, 'layer')])
        self.assertEqual(found('daemon/pipeline/a.cpp', '#include "spool/spool.hpp"\n'), [])

    def test_siblings_never_include_each_other(self):
        siblings = ('protocol', 'decode', 'rules', 'spool')
        for one in siblings:
            for other in siblings:
                rules = found(f'daemon/{one}/a.cpp', f'\n#include "{other}/x.hpp"\n')
                self.assertEqual(rules, [] if one == other else [(2, 'layer')], (one, other))

    def test_nobody_includes_app(self):
        for layer in TABLES['layers']:
            if layer not in ('app', 'plugins'):
                self.assertEqual(found(f'daemon/{layer}/a.cpp', '#include "app/daemon.hpp"\n'),
                                 [(1, 'layer')], layer)

    def test_the_table_has_no_circle(self):
        order = list(TABLES['layers'])
        for layer, lower in TABLES['layers'].items():
            for name in lower:
                if 'plugins' not in (name, layer):
                    self.assertLess(order.index(name), order.index(layer), (layer, name))

    def test_a_layer_that_is_not_in_the_table_is_reported(self):
        self.assertEqual(found('daemon/attic/a.cpp', 'int a;\n'), [(1, 'layer')])

    def test_each_library_has_one_home(self):
        for header, bad, good in (
                ('sqlite3.h', 'pipeline/a.cpp', 'sqlite/a.cpp'),
                ('MQTTAsync.h', 'client/a.cpp', 'client/paho_socket.cpp'),
                ('mqtt/async_client.h', 'client/a.cpp', None),
                ('boost/asio/ip/tcp.hpp', 'protocol/a.cpp', 'ingress/a.cpp'),
                ('boost/lockfree/queue.hpp', 'spool/a.cpp', None),
                ('toml++/toml.h', 'decode/mapping_file.cpp', 'settings/read.cpp'),
                ('CLI/CLI.hpp', 'app/check.cpp', 'app/main.cpp'),
                ('spdlog/spdlog.h', 'base/clock.cpp', 'base/log.cpp'),
                ('systemd/sd-daemon.h', 'app/main.cpp', 'app/service_notifier.cpp'),
                ('xxhash.h', 'upstream/a.cpp', 'spool/a.cpp'),
                ('openssl/evp.h', 'accounts/password_hash.cpp', 'base/digest.cpp'),
                ('openssl/crypto.h', 'base/log.cpp', 'base/aes.cpp'),
                ('boost/asio/ssl/context.hpp', 'app/tls_check.cpp', 'net/pem_files.cpp'),
                ('boost/beast/http.hpp', 'console/http_server.cpp', 'console/exchange.cpp'),
                ('curl/curl.h', 'upstream/a.cpp', None),
                ('jansson.h', 'model/a.cpp', None)):
            text = f'#include <{header}>\n'
            self.assertEqual(found('daemon/' + bad, text), [(1, 'library')], header)
            if good:
                self.assertEqual(found('daemon/' + good, text), [], header)


    def test_what_comes_with_the_system_may_be_included_anywhere(self):
        text = '#include <vector>\n#include <unistd.h>\n#include <sys/stat.h>\n#include <netinet/in.h>\n'
        self.assertEqual(found('daemon/rules/a.cpp', text), [])

    def test_the_way_of_a_message_leads_through_files_that_are_there(self):
        root = tidy.HERE.parents[1]
        way = (root / tidy.README).read_text('utf-8').split('## The way of a message')[1].split('\n## ')[0]
        steps = re.findall(r'(?m)^(\d+)\. `([\w/]+\.[ch]pp)`', way)
        self.assertEqual([int(number) for number, _ in steps], list(range(1, 15)))
        self.assertIn('in eight files', way)
        self.assertEqual(way.split('On to the cursor')[0].count('\n8. `'), 1)
        self.assertIn('in six more', way)
        for path in re.findall(r'`(\w+/[\w/]+\.[ch]pp)`', way):
            self.assertTrue((root / 'daemon' / path).is_file(), path)

    def test_the_readme_names_the_homes_of_libraries(self):
        text = (tidy.HERE.parents[1] / tidy.README).read_text('utf-8')
        self.assertEqual(found(tidy.README, text), [])
        self.assertIn('OpenSSL, Boost.URL', text)
        for changed in (text.replace('OpenSSL, Boost.URL', 'Boost.URL'),
                        text.replace('seen by none | libsystemd', 'seen by none | OpenSSL, libsystemd')):
            self.assertEqual([rule for _, rule in found(tidy.README, changed)], ['readme'])

    def test_the_readme_names_files_that_exist(self):
        text = (tidy.HERE.parents[1] / tidy.README).read_text('utf-8')
        for name, other in (('`verdict`', '`engine`'), ('| `corroboration` |', '| `witnesses` |'),
                            ('`protocol/outbox`', '`protocol/outbasket`')):
            self.assertIn(name, text)
            changed = text.replace(name, other, 1)
            self.assertEqual([rule for _, rule in found(tidy.README, changed)], ['readme'])


class Coroutines(unittest.TestCase):
    def test_forms_that_are_miscompiled(self):
        for statement in ('co_await f([a] { return a; });',
                          'co_await f([&](int b) -> int { return a + b; });',
                          'auto r = g([=] { return a; }, co_await h());',
                          'co_await f(Options{1, 2});',
                          'co_await f({1, 2});',
                          'co_await f({.a = 1});',
                          'auto o = Options{1, co_await g()};',
                          'co_return Options{co_await g(), 1};',
                          'co_await f(std::array<int, 2>{1, 2});',
                          'auto x = co_await f(a, wp::Limits<int>{1});',
                          'if (co_await f(Options{1})) return;',
                          'while ((co_await f({1})) != 0) {}'):
            self.assertTrue(inside_coroutine(statement), statement)

    def test_the_same_named_first_is_fine(self):
        for statement in ('Options o{1, 2}; co_await f(std::move(o));',
                          'auto l = [a] { return a; }; co_await f(std::move(l));',
                          'auto [error, size] = co_await f(a);',
                          'const auto& [error, size] = co_await f(b[a]);',
                          'co_await f(std::chrono::seconds{5});',
                          'co_return Options{1, 2};',
                          'if (co_await f(a)) { x = Options{1, 2}; }',
                          'for (;;) { Options o{1}; co_await f(o); g({1}); }',
                          'if (a) { g(Options{1}); } co_await f(a);',
                          'co_await f([](int b) { return Options{b}; });'):
            self.assertFalse(inside_coroutine(statement), statement)

    def test_comments_and_literals_are_not_code(self):
        self.assertFalse(inside_coroutine('co_await f("{[a]}", \'{\', 1\'000);  // f({1})'))
        self.assertFalse(inside_coroutine('co_await f(R"(Options{1})");'))

    def test_a_lambda_coroutine_captures_nothing(self):
        self.assertTrue(inside_coroutine('auto l = [a]() -> asio::awaitable<void> { co_return; };'))
        self.assertTrue(inside_coroutine('auto l = [&] { co_await f(); };'))
        self.assertFalse(inside_coroutine('auto l = [](int b) -> T { co_await f(b); };'))
        self.assertFalse(inside_coroutine('auto l = [a] { g(a); };'))

    def test_coroutines_are_started_in_one_place(self):
        text = '// Spawn.\n#pragma once\nvoid f() { asio::co_spawn(e, c, t); }\n'
        self.assertEqual(found('daemon/base/other.hpp', text), [(3, 'coroutine')])
        self.assertEqual(found('daemon/base/spawn.hpp', text), [])


class Swaps(unittest.TestCase):
    def swapped(self, declaration, path='daemon/base/a.hpp'):
        return (3, 'swap') in found(path, f'// A.\n#pragma once\n{declaration}\n')

    def test_two_of_one_kind_side_by_side(self):
        for parameters in ('std::string_view topic, std::string_view publisher',
                           'std::string_view text, const std::string& file',
                           'std::string_view text, std::string_view key = {}',
                           'A first_one, std::uint16_t port, std::size_t most',
                           'const Topic& from, const Topic& to',
                           'std::string name,\n    std::string&& text'):
            self.assertTrue(self.swapped(f'void f({parameters});'), parameters)
        self.assertTrue(self.swapped('struct A { explicit A(int width, int height); };'))

    def test_what_becomes_the_other_without_a_cast(self):
        for parameters in ('std::uint64_t tag, bool accepted', 'bool whole, double value',
                           'const std::filesystem::path& file, const std::string& user',
                           'const fs::path& folder, std::string_view mounts',
                           'const Epoch& epoch, const std::string& device'):
            self.assertTrue(self.swapped(f'void f({parameters});'), parameters)

    def test_two_of_one_kind_with_others_between(self):
        for parameters in ('std::string topic, EventClass purpose, std::string payload',
                           'std::int64_t gateway, const Notice& notice, bool told, Time now',
                           'const Topic& from, int how, const Topic& to'):
            self.assertTrue(self.swapped(f'void f({parameters});'), parameters)
        self.assertFalse(self.swapped('void f(const Value& left, int how, const Value& right);'))

    def test_in_a_type_of_function(self):
        self.assertTrue(self.swapped('using F = std::function<void(std::string a_text, std::string to)>;'))

    def test_what_cannot_be_swapped(self):
        for parameters in ('const Topic& topic, std::string_view publisher', 'std::string& out, std::string_view text',
                           'PageThen which, std::string& page', 'const Value& left, const Value& right',
                           'client::PublishToken, client::ReasonCode', 'const VectorText& vectors',
                           'std::vector<int> some, std::vector<long> others'):
            self.assertFalse(self.swapped(f'void f({parameters});'), parameters)
        self.assertFalse(self.swapped('void g() { f(text, file); }'))

    def test_only_headers_of_the_folders_named(self):
        declaration = 'void f(std::string_view text, std::string_view file);'
        self.assertTrue(self.swapped(declaration, 'plugins/sdk/a.hpp'))
        self.assertTrue(self.swapped(declaration, 'plugins/danger/a.hpp'))
        self.assertFalse(self.swapped(declaration, 'tests/support/a.hpp'))
        self.assertFalse(self.swapped(declaration, 'daemon/base/a.cpp'))


class Sizes(unittest.TestCase):
    def test_files_and_lines(self):
        self.assertEqual(found('daemon/base/a.hpp', '// A.\n#pragma once\n' + 'int a;\n' * 148), [])
        self.assertEqual(found('daemon/base/a.hpp', '// A.\n#pragma once\n' + 'int a;\n' * 149),
                         [(151, 'size')])
        self.assertEqual(found('daemon/base/a.cpp', 'int a;\n' * 401), [(401, 'size')])
        self.assertEqual(found('daemon/base/a.cpp', '// ' + 'a' * 97 + '\n'), [])
        self.assertEqual(found('daemon/base/a.cpp', '// ' + 'a' * 98 + '\n'), [(1, 'size')])

    def test_functions(self):
        def of_lines(count, heading='void C::f(int a) const'):
            return ('namespace n {\nclass C {\n int b{1};\n' + heading + ' {\n' + '  if (a) { g(); }\n' *
                    (count - 2) + '}\n};\n}\n')
        self.assertEqual(found('daemon/base/a.cpp', of_lines(60)), [])
        self.assertEqual(found('daemon/base/a.cpp', of_lines(61)), [(4, 'size')])
        self.assertEqual(found('daemon/base/a.cpp', of_lines(61, 'C(int a) : b(a), c_(2)')),
                         [(4, 'size')])
        self.assertEqual(found('daemon/base/a.cpp', of_lines(61, 'auto f(int a) -> std::map<int, int>')),
                         [(4, 'size')])

    def test_parameters(self):
        self.assertEqual(found('daemon/base/a.cpp', 'void f(A<1, 2> a, B b, C c, D d) {}\n'), [])
        self.assertEqual(found('daemon/base/a.cpp', 'void f(A a, B b, C c, D d, E e) {}\n'),
                         [(1, 'size')])
        self.assertEqual(found('daemon/base/a.cpp', 'X::X(A a, B b) : a_(a, 1, 2, 3, 4), b_(b) {}\n'),
                         [])


class Sleeps(unittest.TestCase):
    def test_a_test_waits_for_a_condition(self):
        for path, line in (('tests/system/test_a.py', 'time.sleep(2)'), ('tests/system/test_a.py', 'from time import sleep'),
                           ('tests/unit/spool/a.cpp', '::usleep(random() % 12);'),
                           ('tests/contract/a.cpp', 'std::this_thread::sleep_for(10ms);')):
            self.assertIn((1, 'sleep'), found(path, line + '\n'), line)

    def test_what_has_a_name_may_last(self):
        for path, line in (('tests/system/times.py', 'time.sleep(every)'), ('tests/support/a.cpp', 'sleep_for(5ms);'),
                           ('tests/system/test_a.py', 'lasts(2, "the stall")  # not time.sleep(2)'),
                           ('tests/system/test_a.py', 'def is_asleep(self):')):
            self.assertNotIn((1, 'sleep'), found(path, line + '\n'), line)


class Parts(unittest.TestCase):
    def test_each_case_of_a_file_that_runs_in_parts_is_in_one_of_them(self):
        folder = tidy.HERE.parent / 'system'
        parts = {}
        for name, cases in re.findall(r'watchpost_system_test\((\w+) \d+ PART \w+ ([\w ]+)\)',
                                      (folder / 'CMakeLists.txt').read_text('utf-8')):
            parts.setdefault(name, []).extend(cases.split())
        self.assertIn('hostile', parts)
        for name, cases in parts.items():
            text = (folder / f'test_{name}.py').read_text('utf-8')
            with_tests = [each.split('(')[0] for each in re.split(r'(?m)^class ', text)[1:] if '\n    def test_' in each]
            self.assertEqual(sorted(cases), sorted(with_tests), name)


class Units(unittest.TestCase):
    def found(self, **files):
        sources = [tidy.Source(f'{name.replace("__", "/")}.cpp', 'namespace {\n' + text + '}  // namespace\n')
                   for name, text in files.items()]
        return [(path, line) for path, line, _, _ in tidy.check_units(sources)]

    def test_a_private_name_stands_in_one_file_of_a_layer(self):
        for text in ('constexpr int kMost = 3;\n', 'int f(int a) {\n  return a;\n}\n', 'struct Box {\n  int a;\n};\n',
                     'int f(int a);\n', 'enum class Kind { a, b };\n', 'const std::map<int, int> kNames{{1, 2}};\n',
                     'template <class T>\nT f(T a) {\n  return a;\n}\n'):
            self.assertEqual(self.found(daemon__base__a=text, daemon__base__b=text),
                             [('daemon/base/b.cpp', text.count('\n', 0, text.find('T f(')) + 2 if 'template' in text
                               else 2)], text)
            self.assertEqual(self.found(daemon__base__a=text, daemon__model__b=text), [], text)
            self.assertEqual(self.found(tests__unit__base__a=text, daemon__base__b=text), [], text)

    def test_short_names_of_others_and_test_cases_are_not_private(self):
        text = ('namespace json = boost::json;\nusing Code = TroubleCode;\nusing enum Kind;\nclass Other;\n'
                'TEST_CASE("x") {\n  const int a = 3;\n  struct In {};\n}\n')
        self.assertEqual(self.found(tests__unit__base__a=text, tests__unit__base__b=text), [])


class Classes(unittest.TestCase):
    HEADER = ('class Box {\n public:\n  explicit Box(int a);\n  Box(const Box&) = delete;\n  using Word = std::map<int, int>;\n'
              '  [[nodiscard]] int take() const { return a_ + b_; }\n  void put(std::function<void(int)> done);\n'
              '  template <class T>\n  void add(T value);\n  struct Inner {\n    int x = 0;\n    void f();\n  };\n\n private:\n'
              '  static constexpr int kMost = 3;\n  int a_ = f(1);\n  std::array<int, 3> b_{};\n'
              '  std::function<void(int)> done_;\n  mutable std::map<int, std::vector<int>> c_;\n};\n')

    def sizes(self, **files):
        sources = [tidy.Source(f'daemon/base/{name.replace("_", ".")}', text) for name, text in files.items()]
        return {size.name: size for size in tidy.class_sizes(sources)}

    def test_methods_and_members_are_told_apart(self):
        box = self.sizes(a_hpp=self.HEADER)['Box']
        self.assertEqual((box.methods, box.members, box.lines), (4, 4, self.HEADER.count('\n')))
        inner = self.sizes(a_hpp=self.HEADER)['Box::Inner']
        self.assertEqual((inner.methods, inner.members, inner.lines), (1, 1, 4))

    def test_a_class_is_as_long_as_all_its_files(self):
        members = '#include "a.hpp"\n\nnamespace {\nint g() { return 1; }\n}\n'
        one = members + 'Box::Box(int a) : a_(a) {\n}\n'
        other = members + 'void Box::put(std::function<void(int)> done) {\n  done_ = done;\n}\n'
        box = self.sizes(a_hpp=self.HEADER, b_cpp=one, c_cpp=other)['Box']
        self.assertEqual(box.lines, (self.HEADER + one + other).count('\n'))
        self.assertEqual(len(box.files), 3)

    def test_of_a_file_with_two_classes_each_has_its_members(self):
        header = self.HEADER + 'class Lid {\n public:\n  void shut();\n};\n'
        both = 'void Lid::shut() {\n}\nBox::Box(int a) : a_(a) {\n}\n\n\n'
        sizes = self.sizes(a_hpp=header, b_cpp=both)
        self.assertEqual(sizes['Box'].lines, self.HEADER.count('\n') + 2)
        self.assertEqual(sizes['Lid'].lines, 4 + 2)

    def test_a_class_past_its_budget_is_named_where_it_begins(self):
        budget = {'class_budget': {'lines': 20, 'methods': 3, 'members': 4}}
        source = tidy.Source('daemon/base/a.hpp', '\n' + self.HEADER)
        found = [(line, remedy.split(':')[0]) for _, line, _, remedy
                 in tidy.check_classes([source], budget)]
        self.assertEqual(found, [(2, 'Box has 21 lines over 1 files, at most 20'),
                                 (2, 'Box has 4 methods over 1 files, at most 3')])

    def test_plain_values_may_have_many_members(self):
        text = 'struct Values {\n' + ''.join(f'  int a{n} = 0;\n' for n in range(9)) + '};\n'
        budget = {'class_budget': {'lines': 20, 'methods': 3, 'members': 4}}
        source = tidy.Source('daemon/base/a.hpp', text)
        self.assertEqual(list(tidy.check_classes([source], budget)), [])


class Names(unittest.TestCase):
    def test_vague_types(self):
        for name in ('SpoolManager', 'PacketHandler', 'TextUtils', 'RowHelper', 'AlarmData',
                     'DeviceInfo', 'TopicObject'):
            self.assertIn((1, 'name'), found('daemon/base/a.cpp', f'struct {name} {{}};\n'), name)
        self.assertEqual(found('daemon/base/a.cpp', 'struct Database {};\nclass Metadatum {};\n'), [])
        self.assertEqual(found('daemon/base/a.cpp', '// The service manager.\nint data = 0;\n'), [])

    def test_vague_functions_and_files(self):
        self.assertEqual(found('daemon/base/a.cpp', 'void alarm_helper();\n'), [(1, 'name')])
        self.assertEqual(found('daemon/base/a.cpp', 'namespace utils {}\n'), [(1, 'name')])
        self.assertEqual(found('daemon/base/MyFile.cpp', 'int a;\n'), [(1, 'name')])

    def test_a_header_says_what_it_is(self):
        self.assertEqual(found('daemon/base/a.hpp', '#pragma once\n'), [(1, 'header')])
        self.assertEqual(found('daemon/base/a.hpp', '// A.\nint a;\n'), [(1, 'header')])

    def test_sql_stays_in_the_spool(self):
        for sql in ('SELECT seq FROM alarm', 'INSERT INTO alarm VALUES (?)', 'DELETE FROM alarm',
                    'UPDATE cursor SET seq = 1', 'PRAGMA synchronous=FULL', 'CREATE TABLE a (b)'):
            text = f'auto a = "{sql}";\n'
            self.assertEqual(found('daemon/pipeline/a.cpp', text), [(1, 'sql')], sql)
            self.assertEqual(found('daemon/spool/a.cpp', text), [], sql)
        self.assertEqual(found('daemon/cli/a.cpp', 'auto a = "Select a place from the list";\n'), [])

    def test_names_of_tests_are_sentences(self):
        path = 'tests/unit/base/a_test.cpp'
        self.assertEqual(found(path, 'TEST_CASE("a full queue stops the socket", "[spool][unit]") {}\n'),
                         [])
        self.assertEqual(found(path, 'TEST_CASE("a full "\n "queue stops",\n"[spool]"\n"[unit]") {}\n'),
                         [])
        self.assertEqual(found(path, 'TEST_CASE("queue", "[spool][unit]") {}\n'), [(1, 'test')])
        self.assertEqual(found(path, 'TEST_CASE("test the full queue", "[a][unit]") {}\n'),
                         [(1, 'test')])
        self.assertEqual(found(path, 'TEST_CASE("a full queue stops the socket") {}\n'), [(1, 'test')])

    def test_files_of_tests_are_named_after_their_subject(self):
        case = 'TEST_CASE("a full queue stops the socket", "[spool][unit]") {}\n'
        self.assertEqual(found('tests/unit/spool/queue_test.cpp', case), [])
        self.assertEqual(found('tests/unit/spool/test_queue.cpp', case), [(1, 'test')])
        self.assertEqual(found('tests/unit/spool/queue_test.cpp', 'int a;\n'), [(1, 'test')])

    def test_the_event_contract_is_spelled_in_one_place(self):
        for literal in ('"wp/v1/310118/#"', '"wp/v1/#"', '"cn.watchpost.fire.alarm.v1"', '"rcpt"',
                        'R"({"source":"urn:watchpost:)"', '"status/gateway/online"', '"batch"',
                        '"application/cloudevents+json"'):
            code = f'auto a = {literal};\n'
            self.assertEqual(found('daemon/upstream/a.cpp', code), [(1, 'contract')], literal)
            self.assertEqual(found('daemon/model/event_topic.cpp', code), [], literal)
            self.assertEqual(found('tests/unit/upstream/a.cpp', code), [], literal)
        self.assertEqual(found('daemon/cli/a.cpp', 'auto a = "Ask to allow wp/v1/# for us";\n'), [])

    def test_what_is_left_behind(self):
        self.assertEqual(found('tools/test', '# TO' 'DO later\n'), [(1, 'left behind')])
        self.assertEqual(found('daemon/a.md', 'as DES' 'IGN says\n'), [(1, 'left behind')])
        self.assertEqual(found('docs/a.md', 'see /ho' 'me/me/file\n'), [(1, 'path')])
        self.assertEqual(found('docs/a.md', 'ls /ro' 'ot/x\n'), [(1, 'path')])
        self.assertEqual(found('docs/a.md', 'https://example.org/ho' 'me/page and a/wo' 'rk/b\n'), [])


class Tree(unittest.TestCase):
    def test_exceptions_are_honoured_and_must_be_needed(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / 'daemon/base').mkdir(parents=True)
            (root / 'daemon/base/a.cpp').write_text('int a;\n' * 401)
            (root / 'daemon/CMakeLists.txt').write_text('add_library(base base/a.cpp)\n')
            lines = list(tidy.check_tree(root, TABLES, []))
            self.assertEqual(len(lines), 1)
            self.assertTrue(lines[0].startswith('daemon/base/a.cpp:401: size: '), lines[0])
            excused = [{'rule': 'size', 'path': 'daemon/base/a.cpp', 'reason': 'x'}]
            self.assertEqual(list(tidy.check_tree(root, TABLES, excused)), [])
            stale = [{'rule': 'sql', 'path': 'daemon/base/a.cpp', 'reason': 'x'}]
            lines = list(tidy.check_tree(root, TABLES, stale))
            self.assertEqual(len(lines), 2)
            self.assertIn('not needed', lines[1])

    def test_every_source_is_named_where_it_is_built(self):
        def missing(lists, *sources):
            return [path for path, *_ in check_built(sources, lists)]
        unit = {'tests/unit/base/CMakeLists.txt': 'x(SOURCES a_test.cpp ../../support/s.cpp ${there}/far.cpp)'}
        self.assertEqual(missing(unit, 'tests/unit/base/a_test.cpp', 'tests/support/s.cpp', 'any/far.cpp'), [])
        self.assertEqual(missing(unit, 'tests/unit/base/b_test.cpp'), ['tests/unit/base/b_test.cpp'])
        self.assertEqual(missing(unit, 'tests/unit/net/a_test.cpp'), ['tests/unit/net/a_test.cpp'])
        globbed = {'tests/unit/net/CMakeLists.txt': 'file(GLOB all CONFIGURE_DEPENDS *_test.cpp)'}
        self.assertEqual(missing(globbed, 'tests/unit/net/b_test.cpp'), [])
        self.assertEqual(missing(globbed, 'tests/unit/net/b.cpp', 'tests/unit/app/b_test.cpp'),
                         ['tests/unit/net/b.cpp', 'tests/unit/app/b_test.cpp'])
        system = {'tests/system/CMakeLists.txt': 'watchpost_system_test(way 120)'}
        self.assertEqual(missing(system, 'tests/system/test_way.py', 'tests/system/test_no.py'),
                         ['tests/system/test_no.py'])


if __name__ == '__main__':
    unittest.main()
