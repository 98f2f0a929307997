package main

import (
	"strings"
	"testing"
)

func TestRunsAreJudged(t *testing.T) {
	t.Parallel()
	const (
		passed = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
		closed = `{"Action":"output","Package":"p","Output":"ok  \tp\t0.01s\n"}` + "\n" +
			`{"Action":"pass","Package":"p"}` + "\n"
	)
	tests := map[string]struct {
		run    string
		good   bool
		prints []string
		hides  string
	}{
		"everything passes": {
			run: `{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}` + "\n" + passed +
				`{"Action":"output","Package":"p","Output":"PASS\n"}` + "\n" + closed,
			good:   true,
			prints: []string{"ok  \tp\t0.01s\n", "1 tests passed, 0 skipped, 0 failures"},
			hides:  "chatter",
		},
		"a test is skipped": {
			run: passed +
				`{"Action":"output","Package":"p","Test":"TestB","Output":"=== RUN   TestB\n"}` + "\n" +
				`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: no database here\n"}` + "\n" +
				`{"Action":"output","Package":"p","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}` + "\n" +
				`{"Action":"skip","Package":"p","Test":"TestB"}` + "\n" + closed,
			prints: []string{"SKIPPED p TestB\n    b_test.go:7: no database here\n", "ok  \tp"},
			hides:  "=== RUN",
		},
		"a package without tests is no skipped test": {
			run: passed + closed +
				`{"Action":"output","Package":"q","Output":"?   \tq\t[no test files]\n"}` + "\n" +
				`{"Action":"skip","Package":"q"}` + "\n",
			good:   true,
			prints: []string{"?   \tq\t[no test files]\n"},
		},
		"a test fails": {
			run: passed +
				`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:9: got 1\n"}` + "\n" +
				`{"Action":"fail","Package":"p","Test":"TestB"}` + "\n" +
				`{"Action":"output","Package":"p","Output":"FAIL\tp\t0.01s\n"}` + "\n" +
				`{"Action":"fail","Package":"p"}` + "\n",
			prints: []string{"b_test.go:9: got 1", "FAIL\tp\t0.01s"},
		},
		"the process dies in a test": {
			run: passed +
				`{"Action":"output","Package":"p","Test":"TestB","Output":"panic: out of paper\n"}` + "\n" +
				`{"Action":"output","Package":"p","Output":"FAIL\tp\t0.01s\n"}` + "\n" +
				`{"Action":"fail","Package":"p"}` + "\n",
			prints: []string{"panic: out of paper", "FAIL\tp\t0.01s"},
		},
		"a package does not build": {
			run: passed + closed +
				`{"ImportPath":"q","Action":"build-output","Output":"q.go:3:1: syntax error\n"}` + "\n" +
				`{"ImportPath":"q","Action":"build-fail"}` + "\n",
			prints: []string{"q.go:3:1: syntax error"},
		},
		"nothing runs": {
			run:    "go: no packages\n",
			prints: []string{"go: no packages", "no test passed"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			good, err := read(strings.NewReader(test.run), &out)
			if err != nil || good != test.good {
				t.Errorf("good is %v (%v), want %v", good, err, test.good)
			}
			for _, want := range test.prints {
				if !strings.Contains(out.String(), want) {
					t.Errorf("does not print %q:\n%s", want, &out)
				}
			}
			if test.hides != "" && strings.Contains(out.String(), test.hides) {
				t.Errorf("prints %q:\n%s", test.hides, &out)
			}
		})
	}
}
