import Rehearsal
import Testing

@Suite struct ReportTests {}
