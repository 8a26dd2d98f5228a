"""Reads the reports of the test runners and ends with 'N passed, N failed, N skipped'.

usage: test-totals.py REPORTS STATUS

Exits 1 if a test failed, if STATUS (that of the run) is not 0, if a runner left no report, or if ../shared
exists and a test that needs it was skipped. Such a test's reason names ../shared.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

SHARED = "../shared"
CLOSING_LINES = (r"Test run with \d+ tests? ", r"=+ .*\d+ (passed|failed|error|skipped).* in [0-9.]+s.*=+$")


class Totals:
    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0
        self.lacking_shared: list[str] = []

    def add(self, report: pathlib.Path) -> None:
        for case in xml.etree.ElementTree.parse(report).iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif (skip := case.find("skipped")) is not None:
                self.skipped += 1
                if SHARED in (skip.text or "") + skip.get("message", ""):
                    self.lacking_shared.append(f"{case.get('classname')} {case.get('name')}")
            else:
                self.passed += 1


def main() -> int:
    reports, status = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    totals = Totals()
    problems = [] if status == 0 else ["the run failed; see above"]
    for name, file in (
        ("Swift", "swift.xml"),
        ("sanitized", "sanitize.xml"),
        ("Python", "python.xml"),
        ("end-to-end", "e2e.xml"),
    ):
        report = reports / file
        if report.exists():
            totals.add(report)
        else:
            problems.append(f"the {name} tests left no report")
    shared = pathlib.Path("..", "shared")
    if shared.exists() and totals.lacking_shared:
        problems.append("../shared exists, but these tests were skipped for want of it:")
        problems += [f"  {name}" for name in totals.lacking_shared]

    print()
    log = reports / "test.log"
    for line in log.read_text(errors="replace").splitlines() if log.exists() else []:
        if any(re.search(pattern, line) for pattern in CLOSING_LINES):
            print(line)
    for problem in problems:
        print(f"error: {problem}" if not problem.startswith(" ") else problem)
    failed = totals.failed + (1 if problems and totals.failed == 0 else 0)
    print(f"{totals.passed} passed, {failed} failed, {totals.skipped} skipped")
    return 1 if failed else 0


sys.exit(main())
