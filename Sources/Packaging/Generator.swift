/// What the packages say about their maker.
public enum Generator {
  /// belay's own version.
  public static let version = "0.1.0"
}
