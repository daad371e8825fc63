/// The templates, embedded in the binary.
