import Dispatch
import Glibc

/// Work that Ctrl-C, a closed terminal or a polite kill ends in an orderly way: what it started is cleared away first.
enum Interruptible {
  static func run<Value: Sendable>(_ work: @Sendable @escaping () async throws -> Value) async throws -> Value {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { task.cancel() }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    let result = await task.result
    // Whatever the cancelled work said last, it was interrupted.
    if task.isCancelled { throw CancellationError() }
    return try result.get()
  }
}
