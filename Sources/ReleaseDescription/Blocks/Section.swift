/// Debian's archive sections and areas (policy 2.4).
enum Section {
  static let areas = ["contrib", "non-free", "non-free-firmware"]
  static let known = [
    "admin", "cli-mono", "comm", "database", "debug", "devel", "doc", "editors", "education", "electronics", "embedded",
    "fonts", "games", "gnome", "gnu-r", "gnustep", "golang", "graphics", "hamradio", "haskell", "httpd", "interpreters",
    "introspection", "java", "javascript", "kde", "kernel", "libdevel", "libs", "lisp", "localization", "mail", "math",
    "metapackages", "misc", "net", "news", "ocaml", "oldlibs", "otherosfs", "perl", "php", "python", "raku", "ruby",
    "rust", "science", "shells", "sound", "tasks", "tex", "text", "utils", "vcs", "video", "virtual", "web", "x11",
    "xfce", "zope",
  ]
}
