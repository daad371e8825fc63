/// What apt would do, asked of libapt-pkg's own cache and resolver.
///
/// libapt-pkg has one configuration and one system a process: the calls are for one thread, and one cache is open at a time.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct capt_cache;

/// Opens the state below `directory` (etc/apt, var/lib/dpkg/status, var/lib/apt), which must be the caller's own copy: what its
/// configuration says about other places is dropped. `deb` is a candidate beside its lists, NULL: none.
/// `settings` are names and values in turn, ended by NULL, and win over the configuration. Writes and locks nothing.
/// NULL: `error` has a malloc'ed text.
struct capt_cache *_Nullable capt_cache_open(const char *_Nonnull directory, const char *_Nonnull architecture,
                                             const char *_Nullable const *_Nonnull settings, const char *_Nullable deb,
                                             char *_Nullable *_Nonnull error);
void capt_cache_close(struct capt_cache *_Nonnull cache);

/// A version asked for; `version` NULL: the package is to be removed.
struct capt_request {
  const char *_Nonnull name;
  const char *_Nonnull architecture;
  const char *_Nullable version;
};

/// Marks as `apt-get install` does; with `resolve` its problem resolver mends what is broken then, and without nothing but the requests
/// changes. False: apt would refuse, and `error` (malloc'ed, or NULL) is what it says.
bool capt_cache_mark(struct capt_cache *_Nonnull cache, const struct capt_request *_Nonnull requests, size_t count, bool resolve,
                     char *_Nullable *_Nonnull error);

/// One package as it is now and as the marks leave it. Texts live until the visit returns.
struct capt_package {
  const char *_Nonnull name;
  const char *_Nonnull architecture;
  /// NULL: not installed.
  const char *_Nullable installed;
  const char *_Nullable target;
  /// The control stanza of `target`; NULL: it does not change.
  const char *_Nullable record;
  bool is_held;
};
void capt_cache_visit_packages(struct capt_cache *_Nonnull cache, void *_Nullable context,
                               void (*_Nonnull visit)(void *_Nullable, const struct capt_package *_Nonnull));

/// A relation that the marks leave unmet.
struct capt_unmet {
  const char *_Nonnull name;
  const char *_Nonnull version;
  /// `Depends`, `Conflicts`, ...
  const char *_Nonnull type;
  /// As a control file has it, alternatives and all.
  const char *_Nonnull relation;
  /// What is there instead: `libfoo1 2.1`; empty: nothing.
  const char *_Nonnull instead;
};
void capt_cache_visit_unmet(struct capt_cache *_Nonnull cache, void *_Nullable context,
                            void (*_Nonnull visit)(void *_Nullable, const struct capt_unmet *_Nonnull));

/// The control stanza of a version, malloc'ed; NULL: unknown. `from_archive`: only from a source it can be fetched from.
char *_Nullable capt_cache_record(struct capt_cache *_Nonnull cache, const char *_Nonnull name, const char *_Nonnull architecture,
                                  const char *_Nonnull version, bool from_archive);

/// Opens for reading what `path` means to somebody whose root directory is `root`: no link leads out of it. -1: errno, EINVAL
/// when it is neither a regular file nor, with `is_directory`, a directory (ENOTDIR).
int capt_open_below(int root, const char *_Nonnull path, bool is_directory);

/// The version of the apt that this libapt-pkg belongs to.
const char *_Nonnull capt_apt_version(void);

#ifdef __cplusplus
}
#endif
