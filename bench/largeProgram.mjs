// A large C++ program with much debug information: templates of the standard library, instantiated again and again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const unit = (n) => `
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
namespace unit${n} {
template <int K> struct Item {
  std::string name;
  std::vector<double> values;
  std::map<std::string, int> words;
  int key = K;
  bool operator<(const Item &o) const { return std::tie(key, name) < std::tie(o.key, o.name); }
};
template <int K> struct Visitor {
  double operator()(int v) const { return v * K; }
  double operator()(double v) const { return v + K; }
  double operator()(const std::string &s) const { return s.size() * K; }
};
template <int K> double work(unsigned long seed) {
  std::vector<Item<K>> items;
  std::unordered_map<std::string, std::shared_ptr<Item<K>>> index;
  for (unsigned i = 0; i < 8; i++) {
    Item<K> item;
    item.name = std::to_string(seed + i * K);
    item.values.resize(i + 3, K);
    item.words["w" + item.name] += i;
    items.push_back(item);
    index[item.name] = std::make_shared<Item<K>>(item);
  }
  std::sort(items.begin(), items.end(), [](const auto &a, const auto &b) { return b < a; });
  std::set<Item<K>> unique(items.begin(), items.end());
  std::ostringstream out;
  std::function<double(const Item<K> &)> sum = [&](const Item<K> &item) {
    out << item.name;
    return std::accumulate(item.values.begin(), item.values.end(), 0.0);
  };
  double total = 0;
  for (const auto &item : unique) total += sum(item);
  using Any = std::variant<int, double, std::string>;
  total += std::visit(Visitor<K>(), seed % 2 ? Any(total) : Any(out.str()));
  return total + index.size();
}
template <int... Ks> double all(unsigned long seed, std::integer_sequence<int, Ks...>) {
  return (work<Ks>(seed) + ... + 0.0);
}
static std::regex pattern("a(b|c)*d${n}");
}
double run${n}(unsigned long seed) {
  return unit${n}::all(seed, std::make_integer_sequence<int, 24>()) + std::regex_match("abbd", unit${n}::pattern);
}
`;

const main = (count) => {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return `
#include <cstdio>
#include <cstdlib>
${numbers.map((n) => `double run${n}(unsigned long);`).join('\n')}
int main(int argc, char **argv) {
  unsigned long rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1;
  double sum = 0;
  for (unsigned long i = 0; i < rounds; i++) { ${numbers.map((n) => `sum += run${n}(i);`).join(' ')} }
  std::printf("%f\\n", sum);
}
`;
};

/**
 * Compiles the program, at about a minute for each of its units, unless `folder` has it from last time.
 * @returns its path
 */
export function largeProgram(folder, units) {
  mkdirSync(folder, { recursive: true });
  const program = path.join(folder, `large-${units}`);
  if (existsSync(program)) return program;
  const compiled = Array.from({ length: units }, (_, n) => object(folder, `unit${n}`, unit(n)));
  const linked = `${program}.part`;
  execFileSync('g++', ['-o', linked, object(folder, `main${units}`, main(units)), ...compiled]);
  renameSync(linked, program);
  return program;
}

function object(folder, name, source) {
  const [file, result] = [path.join(folder, `${name}.cc`), path.join(folder, `${name}.o`)];
  if (existsSync(result)) return result;
  console.error(`compiling ${name}`);
  writeFileSync(file, source);
  execFileSync('g++', [
    '-std=c++17',
    '-O2',
    '-g',
    '-fno-omit-frame-pointer',
    '-c',
    file,
    '-o',
    `${result}.part`,
  ]);
  renameSync(`${result}.part`, result);
  return result;
}
