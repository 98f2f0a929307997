package docs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// policy lets the pages use what this package serves, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// files are everything that is served, by path.
type files map[string]file

// file is kept compressed, because nearly every client takes it so.
type file struct {
	contentType string
	zipped      []byte
	size        int // when it is not
	hash        string
	forever     bool // its path changes with its content
}

func newFile(contentType string, content []byte) file {
	sum := sha256.Sum256(content)
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a level that exists
	_, _ = z.Write(content)                                    // to memory
	_ = z.Close()
	return file{contentType: contentType, zipped: zipped.Bytes(), size: len(content), hash: hex.EncodeToString(sum[:8])}
}

// missing is the path of the page for paths that lead nowhere.
const missing = root + "/missing"

func (fs files) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	path := strings.TrimRight(r.URL.Path, "/")
	f, found := fs[path]
	switch {
	case !found || path == missing:
		fs[missing].serve(w, r, http.StatusNotFound)
	case path != r.URL.Path:
		http.Redirect(w, r, path, http.StatusMovedPermanently)
	default:
		f.serve(w, r, http.StatusOK)
	}
}

func (f file) serve(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	zipped := takesGzip(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.hash + `"`
	if zipped {
		etag = `"` + f.hash + `-gzip"`
	}
	h.Set("ETag", etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if status == http.StatusOK && names(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.contentType)
	length := f.size
	if zipped {
		h.Set("Content-Encoding", "gzip")
		length = len(f.zipped)
	}
	h.Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	// The client may have gone: there is nobody to tell.
	if zipped {
		_, _ = w.Write(f.zipped)
		return
	}
	_, _ = io.Copy(w, f.open())
}

// open reads the file as it was before it was compressed.
func (f file) open() io.Reader {
	z, err := gzip.NewReader(bytes.NewReader(f.zipped))
	if err != nil {
		panic("docs: " + err.Error()) // newFile compressed it
	}
	return z
}

// takesGzip reads an Accept-Encoding header.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if coding = strings.TrimSpace(coding); coding == "gzip" || coding == "*" {
			q, found := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			worth, err := strconv.ParseFloat(q, 64)
			return !found || err == nil && worth > 0
		}
	}
	return false
}

// names tells whether an If-None-Match header names the entity tag.
func names(header, etag string) bool {
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == etag || tag == "*" {
			return true
		}
	}
	return false
}
