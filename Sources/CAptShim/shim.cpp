#undef DEBUG  // SwiftPM passes -DDEBUG=1, which collides with an enumerator in apt-pkg/error.h

#include "CAptShim.h"

#include <apt-pkg/debversion.h>
#include <apt-pkg/deblistparser.h>
#include <apt-pkg/error.h>
#include <apt-pkg/hashes.h>
#include <apt-pkg/pkgcache.h>

#include <cstdlib>
#include <cstring>
#include <string>

/// Empties the thread's error stack at the end of the call that filled it.
struct Drain {
  ~Drain() { _error->Discard(); }
};

int capt_compare_versions(const char *left, size_t left_count, const char *right, size_t right_count) {
  return debVS.DoCmpVersion(left, left + left_count, right, right + right_count);
}

/// deb-control(5)'s spelling: libapt-pkg's own `CompType` writes `<` for `<<`.
static const char *comparison_of(unsigned int op) {
  switch (op & 0x0f) {
    case pkgCache::Dep::Less: return "<<";
    case pkgCache::Dep::LessEq: return "<=";
    case pkgCache::Dep::Equals: return "=";
    case pkgCache::Dep::GreaterEq: return ">=";
    case pkgCache::Dep::Greater: return ">>";
    default: return "";
  }
}

const char *capt_relation_next(const char *start, const char *stop, struct capt_relation *out) try {
  Drain drain;
  *out = {};
  std::string package, version;
  unsigned int op = 0;
  // Architecture and profile lists belong to source packages; unknown to the parser here, they are syntax errors.
  const char *next = debListParser::ParseDepends(start, stop, package, version, op, /*ParseArchFlags*/ false,
                                                 /*StripMultiArch*/ false, /*ParseRestrictionsList*/ false);
  if (next == nullptr) return nullptr;
  out->package = strdup(package.c_str());
  out->version = strdup(version.c_str());
  if (out->package == nullptr || out->version == nullptr) {
    capt_relation_free(out);
    return nullptr;
  }
  out->comparison = comparison_of(op);
  out->has_alternative = (op & pkgCache::Dep::Or) == pkgCache::Dep::Or;
  return next;
} catch (...) {
  return nullptr;
}

void capt_relation_free(struct capt_relation *relation) {
  free(relation->package);
  free(relation->version);
  *relation = {};
}

struct capt_hash {
  explicit capt_hash(Hashes::SupportedHashes algorithm) : algorithm(algorithm), state(algorithm) {}
  Hashes::SupportedHashes algorithm;
  Hashes state;
};

struct capt_hash *capt_hash_new(enum capt_algorithm algorithm) try {
  return new capt_hash(algorithm == CAPT_MD5 ? Hashes::MD5SUM : Hashes::SHA256SUM);
} catch (...) {
  return nullptr;
}

bool capt_hash_add(struct capt_hash *hash, const void *bytes, size_t count) try {
  Drain drain;
  return hash->state.Add(static_cast<const unsigned char *>(bytes), count);
} catch (...) {
  return false;
}

char *capt_hash_finish(struct capt_hash *hash) try {
  Drain drain;
  const std::string digits = hash->state.GetHashString(hash->algorithm).HashValue();
  return digits.empty() ? nullptr : strdup(digits.c_str());
} catch (...) {
  return nullptr;
}

void capt_hash_free(struct capt_hash *hash) { delete hash; }
