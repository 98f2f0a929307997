package blob_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/blob"
)

const (
	fakeBucket = "parley-files"
	fakeKey    = "AKIDEXAMPLE"
	fakeSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

// fakeS3 is as much of S3 as the client uses, in memory. It fails the test for requests
// that are not as they should be.
type fakeS3 struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	objects  map[string][]byte
	uploads  map[string]*fakeUpload
	requests []string
	refuse   func(r *http.Request) (status int, code string) // nil: nothing
}

type fakeUpload struct {
	key   string
	parts map[int][]byte
}

func newFakeS3(t *testing.T) *fakeS3 {
	t.Helper()
	f := &fakeS3{t: t, objects: map[string][]byte{}, uploads: map[string]*fakeUpload{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *fakeS3) config() blob.S3Config {
	return blob.S3Config{Endpoint: f.url, Region: "eu-central-1", Bucket: fakeBucket, AccessKey: fakeKey, SecretKey: fakeSecret}
}

func (f *fakeS3) open(t *testing.T) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(f.config())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *fakeS3) state() state {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := state{files: map[string]string{}, unfinished: len(f.uploads)}
	for key, content := range f.objects {
		now.files[key] = string(content)
	}
	return now
}

func (f *fakeS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r.Method+" "+r.URL.RequestURI())
	if auth := r.Header.Get("Authorization"); !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential="+fakeKey+"/") || !strings.Contains(auth, "/eu-central-1/s3/aws4_request") {
		f.t.Errorf("%s %s is signed as %q", r.Method, r.URL, auth)
	}
	if f.refuse != nil {
		if status, code := f.refuse(r); status != 0 {
			fail(w, status, code)
			return
		}
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket != fakeBucket || r.Host != strings.TrimPrefix(f.url, "http://") {
		f.t.Errorf("%s %s of %s is not path-style", r.Method, r.URL, r.Host)
	}
	query := r.URL.Query()
	switch upload := query.Get("uploadId"); {
	case r.Method == "HEAD" && key == "":
	case r.Method == "GET" && key == "" && query.Has("uploads"):
		f.listUploads(w)
	case r.Method == "GET" && key == "":
		f.list(w, query.Get("prefix"), query.Get("continuation-token"))
	case r.Method == "GET":
		f.get(w, r, key)
	case r.Method == "POST" && query.Has("uploads"):
		f.begin(w, key)
	case r.Method == "POST" && upload != "":
		f.complete(w, upload)
	case r.Method == "PUT" && upload != "":
		f.part(w, r, upload, query.Get("partNumber"))
	case r.Method == "PUT":
		f.objects[key] = f.body(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == "DELETE" && upload != "":
		delete(f.uploads, upload)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == "DELETE":
		delete(f.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		f.t.Errorf("%s %s is not known", r.Method, r.URL)
		fail(w, http.StatusNotImplemented, "NotImplemented")
	}
}

// body reads what is sent, which must be as its checksum says.
func (f *fakeS3) body(r *http.Request) []byte {
	if r.Header.Get("Content-Type") != "application/octet-stream" && r.URL.Query().Get("uploadId") == "" {
		f.t.Errorf("an object has the type %q, which a browser may run", r.Header.Get("Content-Type"))
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Errorf("read a body: %v", err)
	}
	sum := md5.Sum(raw)
	if got := r.Header.Get("Content-Md5"); got != base64.StdEncoding.EncodeToString(sum[:]) || r.Header.Get("X-Amz-Content-Sha256") != "UNSIGNED-PAYLOAD" {
		f.t.Errorf("%d bytes have the MD5 %q and the SHA-256 %q", len(raw), got, r.Header.Get("X-Amz-Content-Sha256"))
	}
	return raw
}

func (f *fakeS3) get(w http.ResponseWriter, r *http.Request, key string) {
	content, there := f.objects[key]
	if !there {
		fail(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	w.Header().Set("ETag", `"e"`)
	http.ServeContent(w, r, "", time.Now(), bytes.NewReader(content))
}

func (f *fakeS3) begin(w http.ResponseWriter, key string) {
	id := "upload-" + strconv.Itoa(len(f.requests))
	f.uploads[id] = &fakeUpload{key, map[int][]byte{}}
	answer(w, fmt.Sprintf("<InitiateMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>", fakeBucket, key, id))
}

func (f *fakeS3) part(w http.ResponseWriter, r *http.Request, id, number string) {
	n, err := strconv.Atoi(number)
	if err != nil || f.uploads[id] == nil {
		fail(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	f.uploads[id].parts[n] = f.body(r)
	w.Header().Set("ETag", `"e`+number+`"`)
}

func (f *fakeS3) complete(w http.ResponseWriter, id string) {
	upload := f.uploads[id]
	if upload == nil {
		fail(w, http.StatusNotFound, "NoSuchUpload")
		return
	}
	var whole []byte
	numbers := slices.Sorted(maps.Keys(upload.parts))
	for i, n := range numbers {
		if i < len(numbers)-1 && len(upload.parts[n]) < 5<<20 {
			fail(w, http.StatusBadRequest, "EntityTooSmall")
			return
		}
		whole = append(whole, upload.parts[n]...)
	}
	f.objects[upload.key] = whole
	delete(f.uploads, id)
	answer(w, fmt.Sprintf("<CompleteMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><ETag>e</ETag></CompleteMultipartUploadResult>", fakeBucket, upload.key))
}

// list gives a page of 100 objects.
func (f *fakeS3) list(w http.ResponseWriter, prefix, after string) {
	var b strings.Builder
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(f.objects)), func(key string) bool { return key <= after || !strings.HasPrefix(key, prefix) })
	more := len(keys) > 100
	keys = keys[:min(len(keys), 100)]
	fmt.Fprintf(&b, "<ListBucketResult><Name>%s</Name><IsTruncated>%v</IsTruncated>", fakeBucket, more)
	if more {
		fmt.Fprintf(&b, "<NextContinuationToken>%s</NextContinuationToken>", keys[len(keys)-1])
	}
	for _, key := range keys {
		fmt.Fprintf(&b, "<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>1</Size></Contents>", key, time.Now().UTC().Format(time.RFC3339))
	}
	answer(w, b.String()+"</ListBucketResult>")
}

func (f *fakeS3) listUploads(w http.ResponseWriter) {
	var b strings.Builder
	b.WriteString("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>")
	for id, upload := range f.uploads {
		fmt.Fprintf(&b, "<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>", upload.key, id, time.Now().UTC().Format(time.RFC3339))
	}
	answer(w, b.String()+"</ListMultipartUploadsResult>")
}

func answer(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = io.WriteString(w, xml.Header+text)
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>It is so.</Message></Error>", code)
}
