package records_test

import (
	"os"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestZZLook(t *testing.T) {
	want := os.Getenv("LOOK")
	if want == "" {
		t.SkipNow()
	}
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	for _, one := range strings.Fields(want) {
		name, path, _ := strings.Cut(one, "=")
		if noun, rest, ok := strings.Cut(path, "/FIRST"); ok {
			q := ""
			if strings.HasPrefix(rest, "?") {
				if i := strings.Index(rest, "/"); i >= 0 {
					q, rest = rest[:i], rest[i:]
				} else {
					q, rest = rest, ""
				}
			}
			path = noun + "/" + d.First("/v1" + noun + q)["id"].(string) + rest
		}
		for _, v := range []struct {
			n    string
			w, h int
			s    browser.Scheme
		}{{"", 1280, 900, browser.Light}, {"-dark", 1280, 900, browser.Dark}, {"-phone", 360, 800, browser.Light}} {
			if os.Getenv("ALL") == "" && v.n != "" {
				continue
			}
			b.View(v.w, v.h, v.s)
			b.Open(d.URL + path)
			b.Wait("h1")
			if strings.HasPrefix(name, "d") {
				b.Wait("#history .timeline")
			}
			b.Screenshot("/tmp/records/shots/" + name + v.n + ".png")
		}
	}
	t.Log(b.Problems())
}
