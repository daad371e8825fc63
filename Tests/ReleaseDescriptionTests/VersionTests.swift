import ReleaseDescription
import Testing

/// Versions are put together as nFPM does: `[epoch:]version[~prerelease][+version_metadata][-release]`.
@Suite struct VersionTests {
  @Test(arguments: [
    ("version: 1.2.3", "1.2.3"),
    ("version: v1.2", "1.2.0"),
    ("version: 1.10", "1.10.0"),
    ("version: 1.2.3-rc.1", "1.2.3~rc.1"),
    ("version: 1.2.3-rc.1+git.5\nrelease: 4\nepoch: 2", "2:1.2.3~rc.1+git.5-4"),
    ("version: 1.2.3-rc.1\nprerelease: beta2\nversion_metadata: m", "1.2.3~beta2+m"),
    ("version: 1.2\nversion_schema: none", "1.2"),
    ("version: 1.2.3-1\nversion_schema: none", "1.2.3-1"),
    ("version: 2026.11.23.4", "2026.11.23.4"),
    ("version: 1.2.3~rc1", "1.2.3~rc1"),
  ]) func isPutTogether(_ keys: String, _ version: String) async {
    let text = Description.head.replacing("version: 1.4.0", with: keys)
    #expect(await Description.read(text).release?.control.version == version)
  }

  @Test(arguments: [
    "version: v1.2\nversion_schema: none", "version: 1.2 3", "version: 1_2\nversion_schema: none", "version: latest",
    "version: 1.2.3\nrelease: ''", "version: 1.2.3\nrelease: a b", "version: 1.2.3\nepoch: -1",
    "version: 1.2.3\nversion_schema: semantic",
  ]) func isRefused(_ keys: String) async {
    let outcome = await Description.read(Description.head.replacing("version: 1.4.0", with: keys))
    #expect(outcome.release == nil)
    #expect(!outcome.findings.isEmpty)
  }
}
