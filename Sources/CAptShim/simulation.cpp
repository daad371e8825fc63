#undef DEBUG  // SwiftPM passes -DDEBUG=1, which collides with an enumerator in apt-pkg/error.h

#include "CAptSimulation.h"

#include <apt-pkg/algorithms.h>
#include <apt-pkg/cachefile.h>
#include <apt-pkg/configuration.h>
#include <apt-pkg/depcache.h>
#include <apt-pkg/error.h>
#include <apt-pkg/init.h>
#include <apt-pkg/pkgcache.h>
#include <apt-pkg/pkgrecords.h>
#include <apt-pkg/pkgsystem.h>
#include <apt-pkg/sourcelist.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

struct capt_cache {
  pkgCacheFile file;
  std::unique_ptr<pkgRecords> records;
  /// Nothing was marked since it was opened.
  bool is_fresh = true;
};

/// The errors of the thread's stack as one text; warnings and notices are dropped with it.
static std::string errors() {
  std::string all;
  while (!_error->empty(GlobalError::WARNING)) {
    std::string text;
    if (_error->PopMessage(text)) all += (all.empty() ? "" : "; ") + text;
  }
  _error->Discard();
  return all;
}

static void say(char **error, const std::string &text) { *error = text.empty() ? nullptr : strdup(text.c_str()); }

static void configure(const std::string &directory, const char *architecture, const char *const *settings) {
  unsetenv("APT_CONFIG");
  _config->Clear();
  _config->Set("Dir", directory);
  pkgInitConfig(*_config);
  // A configuration may send apt anywhere, run programs and read other files: none of that is part of the answer.
  for (const char *tree : {"Dir", "RootDir", "Debug", "DPkg", "APT::Architecture", "APT::Architectures", "APT::Solver", "APT::Planner"})
    _config->Clear(tree);
  const auto below = [&](const char *name, const char *path) { _config->Set(name, directory + path); };
  below("Dir", "");
  below("Dir::State", "var/lib/apt/");
  below("Dir::State::lists", "var/lib/apt/lists/");
  below("Dir::State::extended_states", "var/lib/apt/extended_states");
  below("Dir::State::status", "var/lib/dpkg/status");
  below("Dir::Etc", "etc/apt/");
  below("Dir::Etc::sourcelist", "etc/apt/sources.list");
  below("Dir::Etc::sourceparts", "etc/apt/sources.list.d");
  below("Dir::Etc::preferences", "etc/apt/preferences");
  below("Dir::Etc::preferencesparts", "etc/apt/preferences.d");
  below("Dir::Cache", "var/cache/apt/");
  below("Dir::Cache::archives", "var/cache/apt/archives/");
  _config->Set("Dir::Cache::pkgcache", "");
  _config->Set("Dir::Cache::srcpkgcache", "");
  _config->Set("APT::Architecture", architecture);
  _config->Set("APT::Architectures::", architecture);
  _config->Set("APT::Solver", "internal");
  _config->Set("Debug::NoLocking", "true");
  for (const char *const *setting = settings; setting[0] != nullptr; setting += 2) _config->Set(setting[0], setting[1]);
}

/// As long as it lives, memory is bounded: a small compressed list can hold any number of bytes, and libapt-pkg wants each paragraph whole.
struct MemoryLimit {
  struct rlimit before = {};
  bool is_set = getrlimit(RLIMIT_DATA, &before) == 0;
  explicit MemoryLimit(rlim_t bytes) {
    struct rlimit now = before;
    now.rlim_cur = before.rlim_cur == RLIM_INFINITY || before.rlim_cur > bytes ? bytes : before.rlim_cur;
    is_set = is_set && setrlimit(RLIMIT_DATA, &now) == 0;
  }
  ~MemoryLimit() {
    if (is_set) setrlimit(RLIMIT_DATA, &before);
  }
};

struct capt_cache *capt_cache_open(const char *directory, const char *architecture, const char *const *settings,
                                   const char *deb, char **error) try {
  *error = nullptr;
  _error->Discard();
  MemoryLimit limit(512 << 20);
  configure(directory, architecture, settings);
  if (!pkgInitSystem(*_config, _system)) {
    say(error, errors());
    return nullptr;
  }
  auto cache = std::make_unique<capt_cache>();
  if (!cache->file.BuildSourceList() ||
      (deb != nullptr && !cache->file.GetSourceList()->AddVolatileFile(std::string(deb))) ||
      !cache->file.Open(nullptr, /*WithLock*/ false)) {
    const std::string text = errors();
    say(error, text.empty() ? "libapt-pkg cannot open it" : text);
    return nullptr;
  }
  // Broken lists and files are warnings to apt, which goes on without them; only errors are ours to stop at.
  if (_error->PendingError()) {
    say(error, errors());
    return nullptr;
  }
  _error->Discard();
  cache->records = std::make_unique<pkgRecords>(cache->file);
  return cache.release();
} catch (const std::bad_alloc &) {
  *error = strdup("its lists need more than 512 MB of memory");
  return nullptr;
} catch (...) {
  *error = strdup("libapt-pkg failed");
  return nullptr;
}

void capt_cache_close(struct capt_cache *cache) { delete cache; }

/// The package by its name and architecture; what is `all` belongs to the native one.
static pkgCache::PkgIterator find(struct capt_cache *cache, const char *name, const char *architecture) {
  const std::string of = strcmp(architecture, "all") == 0 ? _config->Find("APT::Architecture") : architecture;
  return cache->file->FindPkg(std::string(name), of);
}

/// Whether it is in a file of this kind.
static bool is_in(const pkgCache::VerIterator &version, unsigned long flag) {
  for (auto file = version.FileList(); !file.end(); ++file)
    if ((file.File()->Flags & flag) != 0) return true;
  return false;
}

/// Different packages may have one version: the package file that is asked about is meant rather than an archive's, and that rather
/// than what is installed.
static pkgCache::VerIterator find_version(const pkgCache::PkgIterator &package, const char *version) {
  pkgCache::VerIterator best;
  int best_rank = -1;
  for (auto found = package.VersionList(); !found.end(); ++found) {
    if (strcmp(found.VerStr(), version) != 0) continue;
    const int rank = is_in(found, pkgCache::Flag::LocalSource) ? 2 : found.Downloadable() ? 1 : 0;
    if (rank > best_rank) {
      best = found;
      best_rank = rank;
    }
  }
  return best;
}

static const char *const unmet_dependencies =
    "Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).";

/// What apt-get removes after the resolver where the configuration says so.
static void remove_garbage(pkgDepCache &depends) {
  if (!_config->FindB("APT::Get::AutomaticRemove", false)) return;
  pkgDepCache::ActionGroup group(depends);
  for (auto package = depends.PkgBegin(); !package.end(); ++package) {
    if (!depends[package].Garbage) continue;
    if (package.CurrentVer().end())
      depends.MarkKeep(package, false, false);
    else
      depends.MarkDelete(package, false, 0, false);
  }
}

/// The names of what apt-get removes only when a phrase is typed.
static std::string essential_removals(pkgDepCache &depends) {
  std::string names;
  for (auto package = depends.PkgBegin(); !package.end(); ++package) {
    const bool is_needed = (package->Flags & (pkgCache::Flag::Essential | pkgCache::Flag::Important)) != 0;
    if (is_needed && depends[package].Delete()) names += std::string(names.empty() ? "" : ", ") + package.Name();
  }
  return names;
}

bool capt_cache_mark(struct capt_cache *cache, const struct capt_request *requests, size_t count, bool resolve, char **error) try {
  *error = nullptr;
  _error->Discard();
  pkgDepCache &depends = cache->file;
  if (!cache->is_fresh) depends.Init(nullptr);
  cache->is_fresh = false;
  if (!pkgApplyStatus(depends)) {
    say(error, errors());
    return false;
  }
  const bool was_broken = depends.BrokenCount() != 0;
  bool is_only_files = true;
  for (size_t index = 0; index < count; ++index) is_only_files = is_only_files && requests[index].version != nullptr;
  // apt-get, told only package files, asks for --fix-broken whatever they would mend.
  if (resolve && was_broken && is_only_files) {
    say(error, unmet_dependencies);
    return false;
  }
  std::vector<std::pair<pkgCache::PkgIterator, pkgCache::VerIterator>> wanted;
  std::vector<pkgCache::PkgIterator> unwanted;
  for (size_t index = 0; index < count; ++index) {
    const auto &request = requests[index];
    auto package = find(cache, request.name, request.architecture);
    if (request.version == nullptr) {
      if (!package.end()) unwanted.push_back(package);
      continue;
    }
    auto version = package.end() ? pkgCache::VerIterator(depends.GetCache()) : find_version(package, request.version);
    if (package.end() || version.end()) {
      say(error, std::string(request.name) + " " + request.version + " is not known");
      return false;
    }
    wanted.emplace_back(package, version);
  }
  bool is_resolved = true;
  {
    pkgDepCache::ActionGroup group(depends);
    pkgProblemResolver resolver(&depends);
    // In apt-get's own order: all candidates, what is asked for without its dependencies, then with them, then what is to go.
    for (auto &[package, version] : wanted) depends.SetCandidateVersion(version);
    for (auto &[package, version] : wanted) {
      resolver.Clear(package);
      resolver.Protect(package);
      depends.MarkInstall(package, false);
    }
    if (resolve)
      for (auto &[package, version] : wanted) depends.MarkInstall(package, true);
    for (auto &package : unwanted) {
      resolver.Clear(package);
      resolver.Protect(package);
      resolver.Remove(package);
      depends.MarkDelete(package, false);
    }
    // What was broken before and stays so apt-get leaves to the person: it asks for --fix-broken.
    if (resolve && was_broken && depends.BrokenCount() != 0) {
      say(error, unmet_dependencies);
      return false;
    }
    if (resolve) is_resolved = resolver.Resolve(true);
  }
  if (resolve && is_resolved && depends.BrokenCount() == 0) remove_garbage(depends);
  say(error, errors());
  if (!is_resolved || depends.BrokenCount() != 0) return false;
  const std::string essential = resolve ? essential_removals(depends) : "";
  if (!essential.empty()) {
    free(*error);
    say(error, "it would remove " + essential + ", which is essential or protected");
    return false;
  }
  // An uninstallable version may leave nothing marked and nothing broken.
  for (auto &[package, version] : wanted) {
    auto target = depends[package].InstVerIter(depends.GetCache());
    if (target.end() || target != version) return false;
  }
  return true;
} catch (...) {
  *error = strdup("libapt-pkg failed");
  return false;
}

static std::string record_of(struct capt_cache *cache, const pkgCache::VerIterator &version, bool from_archive) {
  for (auto file = version.FileList(); !file.end(); ++file) {
    if (from_archive && (file.File()->Flags & (pkgCache::Flag::NotSource | pkgCache::Flag::LocalSource)) != 0) continue;
    const char *start = nullptr, *stop = nullptr;
    cache->records->Lookup(file).GetRec(start, stop);
    if (start != nullptr && stop > start) return std::string(start, stop - start);
  }
  return "";
}

void capt_cache_visit_packages(struct capt_cache *cache, void *context, void (*visit)(void *, const struct capt_package *)) try {
  pkgDepCache &depends = cache->file;
  for (auto package = depends.PkgBegin(); !package.end(); ++package) {
    auto target = depends[package].InstVerIter(depends.GetCache());
    auto installed = package.CurrentVer();
    if (installed.end() && target.end()) continue;
    struct capt_package value = {};
    value.name = package.Name();
    value.architecture = target.end() ? installed.Arch() : target.Arch();
    value.installed = installed.end() ? nullptr : installed.VerStr();
    value.target = target.end() ? nullptr : target.VerStr();
    const std::string record = target.end() || target == installed ? "" : record_of(cache, target, false);
    value.record = record.empty() ? nullptr : record.c_str();
    value.is_held = package->SelectedState == pkgCache::State::Hold;
    visit(context, &value);
  }
  _error->Discard();
} catch (...) {
}

static std::string relation_of(const pkgCache::DepIterator &dependency) {
  std::string text = dependency.TargetPkg().Name();
  if (dependency.TargetVer() != nullptr) text += std::string(" (") + pkgCache::CompTypeDeb(dependency->CompareOp) + " " + dependency.TargetVer() + ")";
  return text;
}

void capt_cache_visit_unmet(struct capt_cache *cache, void *context, void (*visit)(void *, const struct capt_unmet *)) try {
  pkgDepCache &depends = cache->file;
  for (auto package = depends.PkgBegin(); !package.end(); ++package) {
    auto target = depends[package].InstVerIter(depends.GetCache());
    if (target.end() || !depends[package].InstBroken()) continue;
    for (auto dependency = target.DependsList(); !dependency.end();) {
      pkgCache::DepIterator first, last;
      dependency.GlobOr(first, last);
      if (!depends.IsImportantDep(last) || (depends[last] & pkgDepCache::DepGInstall) == pkgDepCache::DepGInstall) continue;
      if (!first.IsCritical()) continue;
      std::string relation, instead;
      for (auto alternative = first;; ++alternative) {
        relation += (relation.empty() ? "" : " | ") + relation_of(alternative);
        auto other = depends[alternative.TargetPkg()].InstVerIter(depends.GetCache());
        if (!other.end()) instead += (instead.empty() ? "" : ", ") + std::string(other.ParentPkg().Name()) + " " + other.VerStr();
        if (alternative == last) break;
      }
      // The names of types are translated for people unless asked otherwise; the locale here is always C.
      struct capt_unmet value = {package.Name(), target.VerStr(), first.DepType(), relation.c_str(), instead.c_str()};
      visit(context, &value);
    }
  }
} catch (...) {
}

char *capt_cache_record(struct capt_cache *cache, const char *name, const char *architecture, const char *version,
                        bool from_archive) try {
  auto package = find(cache, name, architecture);
  if (package.end()) return nullptr;
  // Two sources may have different packages of one version: each is a version of its own here.
  std::string record;
  for (auto found = package.VersionList(); !found.end() && record.empty(); ++found)
    if (strcmp(found.VerStr(), version) == 0) record = record_of(cache, found, from_archive);
  _error->Discard();
  return record.empty() ? nullptr : strdup(record.c_str());
} catch (...) {
  return nullptr;
}

int capt_open_below(int root, const char *path, bool is_directory) {
  struct open_how how = {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const int found = static_cast<int>(syscall(SYS_openat2, root, path, &how, sizeof how));
  if (found < 0) return -1;
  // To open a device may already do something, so what it is comes first.
  struct stat status = {};
  int file = -1;
  if (fstat(found, &status) != 0) {
  } else if (is_directory && !S_ISDIR(status.st_mode)) {
    errno = ENOTDIR;
  } else if (!is_directory && !S_ISREG(status.st_mode)) {
    errno = EINVAL;
  } else {
    const std::string again = "/proc/self/fd/" + std::to_string(found);
    file = open(again.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (is_directory ? O_DIRECTORY : 0));
  }
  const int reason = errno;
  close(found);
  errno = reason;
  return file;
}

const char *capt_apt_version(void) { return pkgVersion; }
