import Foundation

/// What people are told, on standard error: standard output is the result and nothing else.
enum Console {
  /// `belay: error: …`, and what to do about it.
  static func error(_ message: String, hint: String? = nil) {
    self.message("belay: error: \(message)")
    if let hint { self.message("belay: hint: \(hint)") }
  }

  static func message(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
