import Yams

extension Reading {
  mutating func httpCheck(_ fields: Fields) -> Check.Kind? {
    let url = line(fields, "http")
    if let url { checkAddress(url, at: fields.position(of: "http")) }
    var status: [Int] = []
    var body: String?
    if let node = fields["expect"], let expect = self.fields(node, "'expect'", Keys(known: ["status", "body"])) {
      status = statuses(expect)
      body = text(expect, "body")
      if let body {
        let what = "'body' of \(fields.what)"
        snippets.append(Snippet(language: .expression, code: body, what: what, position: expect.position(of: "body")))
      }
    }
    return url.map { .http(url: $0, status: status.isEmpty ? [200] : status, body: body) }
  }

  private mutating func statuses(_ fields: Fields) -> [Int] {
    var statuses: [Int] = []
    for item in lines(fields, "status", orSingle: true) {
      if let code = Int(item.value), (100...599).contains(code) {
        statuses.append(code)
      } else {
        error("'\(item.value.shortened)' is not an HTTP status", at: item.position)
      }
    }
    return statuses
  }

  private mutating func checkAddress(_ url: String, at position: Position) {
    let form = /(?i)https?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9._\-]+)(?::(\d{1,5}))?(?:[\/?#]\S*)?/
    let host = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
    if host.contains("@") {
      error("'\(url.shortened)' holds a user or password", at: position, hint: "use a check of the kind 'run'")
      return
    }
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let match = url.wholeMatch(of: form),
      match.1.flatMap({ Int($0) }).map({ (1...65_535).contains($0) }) ?? true
    else {
      error("'\(url.shortened)' is not an http address", at: position, hint: "such as http://127.0.0.1:8080/healthz")
      return
    }
  }

  mutating func tcpCheck(_ fields: Fields) -> Check.Kind? {
    guard let address = line(fields, "tcp") else { return nil }
    let match = address.wholeMatch(of: /(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._\-]+):(\d{1,5})/)
    guard let port = match.flatMap({ Int($0.1) }), (1...65_535).contains(port) else {
      let hint = "host:port, such as \"127.0.0.1:8080\" or \"[::1]:8080\""
      error("'\(address.shortened)' is not an address to connect to", at: fields.position(of: "tcp"), hint: hint)
      return nil
    }
    return .tcp(address: address)
  }
}
