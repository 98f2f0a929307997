package web

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

// File is something that is served as it is. It is kept compressed, because nearly
// every client takes it so.
type File struct {
	contentType string
	zipped      []byte
	size        int // when it is not
	hash        string

	Forever bool // its path changes with its content, so that clients need not ask again
}

// NewFile makes a file of its content.
func NewFile(contentType string, content []byte) File {
	sum := sha256.Sum256(content)
	var zipped bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a level that exists
	_, _ = z.Write(content)                                    // to memory
	_ = z.Close()
	return File{contentType: contentType, zipped: zipped.Bytes(), size: len(content), hash: hex.EncodeToString(sum[:8])}
}

// Hash changes with the content.
func (f File) Hash() string { return f.hash }

// Serve answers with the file, or with 304 to a client that has it.
func (f File) Serve(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	zipped := takesGzip(r.Header.Get("Accept-Encoding"))
	etag := `"` + f.hash + `"`
	if zipped {
		etag = `"` + f.hash + `-gzip"`
	}
	h.Set("ETag", etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if f.Forever {
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
func (f File) open() io.Reader {
	z, err := gzip.NewReader(bytes.NewReader(f.zipped))
	if err != nil {
		panic("web: " + err.Error()) // NewFile compressed it
	}
	return z
}

// takesGzip tells whether a client takes gzip: it reads an Accept-Encoding header.
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
