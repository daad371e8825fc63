/// C face of the little of libapt-pkg that belay uses.
///
/// No call lets a C++ exception out: one that did would end the process in a Swift frame. libapt-pkg's error stack belongs to the
/// thread, so each call that can fill it empties it again before it returns.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "CAptSimulation.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Less than, equal to or greater than zero, as dpkg orders versions. Neither text needs a NUL at its end.
int capt_compare_versions(const char *_Nonnull left, size_t left_count, const char *_Nonnull right, size_t right_count);

/// One alternative of a relation field. The texts are malloc'ed; `capt_relation_free` frees them.
struct capt_relation {
  char *_Nullable package;
  /// Empty: any version.
  char *_Nullable version;
  /// `<<`, `<=`, `=`, `>=`, `>>`, or empty.
  const char *_Nullable comparison;
  /// Another alternative follows after `|`.
  bool has_alternative;
};

/// Parses the alternative at `start`, and returns where the next one begins; NULL: not a relation (nothing to free).
const char *_Nullable capt_relation_next(const char *_Nonnull start, const char *_Nonnull stop, struct capt_relation *_Nonnull out);
void capt_relation_free(struct capt_relation *_Nonnull relation);

/// A digest of one stream of bytes.
struct capt_hash;
enum capt_algorithm { CAPT_MD5, CAPT_SHA256 };
struct capt_hash *_Nullable capt_hash_new(enum capt_algorithm algorithm);
bool capt_hash_add(struct capt_hash *_Nonnull hash, const void *_Nonnull bytes, size_t count);
/// Lower-case hexadecimal digits, malloc'ed; NULL: it failed.
char *_Nullable capt_hash_finish(struct capt_hash *_Nonnull hash);
void capt_hash_free(struct capt_hash *_Nonnull hash);

#ifdef __cplusplus
}
#endif
