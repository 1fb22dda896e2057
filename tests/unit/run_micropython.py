"""Run test files under MicroPython: python-free, by name. Prints "N passed, N failed"."""

import sys

passed = failed = 0
for name in sys.argv[1:]:
    module = __import__(name)
    for test in sorted(dir(module)):
        if not test.startswith("test_"):
            continue
        try:
            getattr(module, test)()
            passed += 1
        except Exception as e:
            failed += 1
            print("FAILED %s.%s" % (name, test))
            sys.print_exception(e)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
