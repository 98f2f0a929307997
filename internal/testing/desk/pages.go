package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/internal/testing/browser"
)

var nextPage = regexp.MustCompile(`<a [^>]*rel="next" href="([^"]*)"`)

// Pages goes through the pages of a list by their links and gives what a pattern's first
// group finds on them, in order, with how many pages there are.
func (d *Desk) Pages(t testing.TB, c *http.Client, path string, pattern *regexp.Regexp) (found []string, pages int) {
	t.Helper()
	const most = 100
	for ; path != "" && pages < most; pages++ {
		status, body := d.Get(t, c, path)
		if status != http.StatusOK {
			t.Fatalf("page %d of the list, %s, answers %d", pages+1, path, status)
		}
		for _, hit := range pattern.FindAllStringSubmatch(body, -1) {
			found = append(found, hit[1])
		}
		path = ""
		if next := nextPage.FindStringSubmatch(body); next != nil {
			path = strings.ReplaceAll(next[1], "&amp;", "&")
		}
	}
	if path != "" {
		t.Fatalf("the list has over %d pages", most)
	}
	return found, pages
}

// InspectOpen is [Inspect] for the page that is open, such as one that answers a form.
func InspectOpen(t testing.TB, b *browser.Browser) {
	t.Helper()
	for _, v := range views {
		b.View(v.width, v.height, v.scheme)
		sound(t, b, b.URL()+", "+v.name)
	}
	b.View(1280, 800, browser.Light)
}
