/// The one piece of memory through which a payload of any size passes.
struct Buffer: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer

  init(count: Int = 1 << 20) { bytes = .allocate(byteCount: count, alignment: 4096) }

  deinit { bytes.deallocate() }
}
