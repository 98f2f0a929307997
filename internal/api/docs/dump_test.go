package docs_test

import (
	"compress/gzip"
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"html"
	"strings"
	"testing"
	"time"
)

func TestDump(t *testing.T) {
	h, _ := newAPI(t)
	start := time.Now()
	get := func(p string) string {
		r := httptest.NewRecorder()
		h.ServeHTTP(r, httptest.NewRequest("GET", p, nil))
		if r.Code != 200 { t.Errorf("%s: %d", p, r.Code) }
		return r.Body.String()
	}
	first := get("/docs")
	t.Log("first", time.Since(start))
	seen := map[string]bool{}
	var queue []string
	queue = append(queue, "/docs")
	total := 0
	var out strings.Builder
	href := regexp.MustCompile(`(?:href|src|data-index)="(/docs[^"#]*)`)
	tag := regexp.MustCompile(`<[^>]*>`)
	code := regexp.MustCompile(`(?s)<figcaption><span>(.*?)</span>.*?<pre[^>]*><code>(.*?)</code>`)
	for len(queue) > 0 {
		p := queue[0]; queue = queue[1:]
		if seen[p] { continue }
		seen[p] = true
		body := get(p)
		var z bytes.Buffer
		w, _ := gzip.NewWriterLevel(&z, 9); w.Write([]byte(body)); w.Close()
		total += z.Len()
		fmt.Printf("%7d %6d %s nodes=%d\n", len(body), z.Len(), p, strings.Count(body, "</")) 
		for _, m := range href.FindAllStringSubmatch(body, -1) { queue = append(queue, m[1]) }
		if strings.Contains(p, "/api/") {
			for _, m := range code.FindAllStringSubmatch(body, -1) {
				fmt.Fprintf(&out, "=== %s %s\n%s\n", p, m[1], html.UnescapeString(tag.ReplaceAllString(m[2], "")))
			}
		}
	}
	fmt.Println("total", total, len(seen))
	os.WriteFile("/tmp/dump.txt", []byte(out.String()), 0o644)
	_ = first
}
