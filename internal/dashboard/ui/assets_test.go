package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
)

// maxFirstVisit is how many bytes style sheet, script and icon may have together, as
// they are sent: a page of some kilobytes comes on top, and all of it has to stay
// below 100 KB.
const maxFirstVisit = 70_000

func TestAFirstVisitIsSmall(t *testing.T) {
	t.Parallel()
	a := NewAssets()
	total := 0
	for _, path := range []string{a.Style, a.Script, a.Icon} {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Header.Set("Accept-Encoding", "gzip")
		rec := httptest.NewRecorder()
		a.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK || rec.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", path, rec.Code, rec.Header())
		}
		total += rec.Body.Len()
	}
	if total > maxFirstVisit {
		t.Errorf("style sheet, script and icon have %d bytes, and may have %d", total, maxFirstVisit)
	}
}

func TestVendoredFilesAreUnchanged(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("lib/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	names, err := fs.Glob(sources, "lib/*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("there are no vendored files: %v", err)
	}
	for _, name := range names {
		content, err := sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != sums[path.Base(name)] {
			t.Errorf("%s has the sum %s, and SHA256SUMS says %q", name, got, sums[path.Base(name)])
		}
	}
}

func TestNothingInTheStyleSheetLeavesTheServer(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"css/*.css", "js/*.js"} {
		for _, foreign := range []string{"http://", "https://", "@import", "eval(", "new Function"} {
			if bytes.Contains(joined(pattern), []byte(foreign)) {
				t.Errorf("%s: there is %s in it", pattern, foreign)
			}
		}
	}
}
