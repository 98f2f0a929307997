package api_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/files"
	"parley/internal/testing/house"
)

const megabyte = 1 << 20

// storage is where a house's attachments are, to be looked at from outside.
type storage struct {
	*house.House
	root string
}

func newStorage(t *testing.T, maxUpload int64) storage {
	t.Helper()
	root := filepath.Join(t.TempDir(), "files")
	folder := files.Folder(t, root)
	return storage{house.Plan{Files: folder, MaxUpload: maxUpload}.Build(t), root}
}

// files counts what there is, finished or not.
func (s storage) files(t *testing.T) (n int) {
	t.Helper()
	err := filepath.WalkDir(s.root, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // one went while it was looked for
		t.Fatal(err)
	}
	return n
}

// nothing checks that a refused upload has left no bytes, no row and no event.
func (s storage) nothing(t *testing.T, head int64) {
	t.Helper()
	if n := s.files(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
	if len(s.Get("/v1/attachments").List("data")) != 0 || s.Head() != head {
		t.Errorf("there are attachments, or %d events", s.Head()-head)
	}
}

func idOf(a *house.Answer) parley.AttachmentID { return parley.AttachmentID(a.Text("id")) }

func TestTheLimitOfAnUpload(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 3*megabyte)
	head := s.Head()
	within, over := strings.Repeat("x", 3*megabyte), strings.Repeat("x", 3*megabyte+1)
	form, media := formOf(t, part{"file", "x.txt", "text/plain", over})
	s.Do("POST", "/v1/attachments", over, "Content-Type", "text/plain").Want(413)
	s.Do("POST", "/v1/attachments", form, "Content-Type", media).Want(413)
	s.Do("POST", "/v1/attachments", strings.Repeat("x", 6*megabyte), "Content-Type", "text/plain").Want(413)
	s.nothing(t, head)
	form, media = formOf(t, part{"file", "x.txt", "text/plain", within})
	s.Do("POST", "/v1/attachments", within, "Content-Type", "text/plain").Want(201).Includes(`{"size":3145728}`)
	s.Do("POST", "/v1/attachments", form, "Content-Type", media).Want(201).Includes(`{"size":3145728}`)
}

// A stream whose length nobody told is cut off where the limit is.
func TestTheLimitOfAStream(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 2*megabyte)
	head := s.Head()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/attachments", io.LimitReader(zeros{}, 3*megabyte))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Secret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 413 {
		t.Errorf("the answer is %s", answer.Status)
	}
	s.nothing(t, head)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestUploadsThatAreNotAsTheyShouldBe(t *testing.T) {
	t.Parallel()
	s := newStorage(t, megabyte)
	head := s.Head()
	file := part{"file", "x.txt", "text/plain", "hello"}
	absent := string(parley.NewID[parley.ConversationID]())
	for name, test := range map[string]struct {
		parts  []part
		status int
		wrong  string
	}{
		"no file":               {[]part{{"file_name", "", "", "x"}}, 422, "body.file"},
		"nothing":               {nil, 422, "body.file"},
		"an empty file":         {[]part{{"file", "x.txt", "text/plain", ""}}, 422, "body.file"},
		"two files":             {[]part{file, file}, 422, "body.file"},
		"another field":         {[]part{file, {"caption", "", "", "x"}}, 422, "body.caption"},
		"a field given twice":   {[]part{file, {"file_name", "", "", "x"}, {"file_name", "", "", "y"}}, 422, "body.file_name"},
		"a field too long":      {[]part{file, {"file_name", "", "", strings.Repeat("x", 5000)}}, 422, "body.file_name"},
		"no such conversation":  {[]part{file, {"conversation_id", "", "", absent}}, 422, "body.conversation_id"},
		"no id of one":          {[]part{file, {"conversation_id", "", "", "x"}}, 422, "body.conversation_id"},
		"a field that is bytes": {[]part{{"file_name", "", "", "\xff"}, file}, 422, "body.file_name"},
	} {
		body, media := formOf(t, test.parts...)
		a := s.Do("POST", "/v1/attachments", body, "Content-Type", media).Want(test.status)
		if test.wrong != "" && !strings.Contains(string(a.Body), `"location":"`+test.wrong+`"`) {
			t.Errorf("%s: %s is not named in %s", name, test.wrong, a)
		}
	}
	whole, media := formOf(t, file)
	for name, test := range map[string]struct {
		path, body string
		header     []string
		status     int
	}{
		"a form that breaks off":      {"", whole[:len(whole)-10], []string{"Content-Type", media}, 400},
		"a form without a boundary":   {"", whole, []string{"Content-Type", "multipart/form-data"}, 415},
		"another kind of form":        {"", whole, []string{"Content-Type", "multipart/mixed; boundary=x"}, 415},
		"another boundary":            {"", whole, []string{"Content-Type", "multipart/form-data; boundary=another"}, 422},
		"a name for a form":           {"?file_name=x", whole, []string{"Content-Type", media}, 422},
		"no body":                     {"", "", nil, 422},
		"no such conversation":        {"?conversation_id=" + absent, "x", nil, 422},
		"no id of one":                {"?conversation_id=x", "x", nil, 422},
		"a disposition that is none":  {"", "x", []string{"Content-Disposition", "=;="}, 422},
		"a key that cannot be kept":   {"", "x", []string{"Idempotency-Key", strings.Repeat("x", 256)}, 422},
		"a parameter that is unknown": {"?caption=x", "x", nil, 422},
	} {
		a := s.Do("POST", "/v1/attachments"+test.path, test.body, test.header...)
		if a.Status != test.status {
			t.Errorf("%s: want %d, got %s", name, test.status, a)
		}
	}
	s.nothing(t, head)
	named := s.Do("POST", "/v1/attachments", "x", "Content-Disposition", "attachment; filename*=UTF-8''%C3%96fen.txt").Want(201)
	if got := named.Text("file_name"); got != "Öfen.txt" {
		t.Errorf("the name is %q", got)
	}
}

// An upload that the client cuts off leaves nothing.
func TestAnUploadThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 0)
	head := s.Head()
	for name, lines := range map[string][]string{
		"a file":               {"Content-Type: image/png", "Content-Length: 1000000"},
		"a file of any length": {"Content-Type: image/png", "Transfer-Encoding: chunked"},
		"a form":               {"Content-Type: multipart/form-data; boundary=x", "Content-Length: 1000000"},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		start := strings.Repeat("x", 500_000)
		if strings.Contains(lines[0], "multipart") {
			start = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + start
		}
		if strings.Contains(lines[1], "chunked") {
			start = fmt.Sprintf("%x\r\n%s", 2*len(start), start)
		}
		fmt.Fprintf(conn, "POST /v1/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n%s", s.Secret, strings.Join(lines, "\r\n"), start)
		wait(t, name+" arrives", func() bool { return s.files(t) == 1 })
		conn.Close()
		wait(t, name+" is gone", func() bool { return s.files(t) == 0 })
	}
	s.nothing(t, head)
}

// wait looks until something is so.
func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(20 * time.Second)
	for !so() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("not yet: %s", what)
		}
	}
}

// The same key and file again: the first answer, and the bytes once.
func TestAnUploadHappensOnce(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 0)
	key := []string{"Content-Type", "image/png", "Idempotency-Key", "once"}
	first := s.Do("POST", "/v1/attachments?file_name=a.png", aPNG, key...).Want(201)
	again := s.Do("POST", "/v1/attachments?file_name=a.png", aPNG, key...).Want(201)
	if !bytes.Equal(first.Body, again.Body) || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("again it is %s, not %s", again, first)
	}
	s.Do("POST", "/v1/attachments?file_name=a.png", aPNG+"x", key...).Want(409)
	s.Do("POST", "/v1/attachments?file_name=b.png", aPNG, key...).Want(409)
	if n, listed := s.files(t), len(s.Get("/v1/attachments").List("data")); n != 1 || listed != 1 {
		t.Errorf("there are %d files and %d attachments, want one of each", n, listed)
	}
}

func TestTwinsUploadOnce(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 0)
	var twins sync.WaitGroup
	for range 6 {
		twins.Go(func() {
			a := s.Do("POST", "/v1/attachments", aPNG, "Content-Type", "image/png", "Idempotency-Key", "once")
			if a.Status != 201 && a.Status != 409 {
				t.Errorf("a twin got %s", a)
			}
		})
	}
	twins.Wait()
	if n, listed := s.files(t), len(s.Get("/v1/attachments").List("data")); n != 1 || listed != 1 {
		t.Errorf("there are %d files and %d attachments, want one of each", n, listed)
	}
}

// An organization has eight uploads at once, and leaves room for others.
func TestUploadsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 0)
	var open []io.Closer
	for range 8 {
		from, to := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/attachments", from)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.Secret)
		go func() {
			if answer, err := http.DefaultClient.Do(r); err == nil {
				answer.Body.Close()
			}
		}()
		if _, err := to.Write(make([]byte, 8192)); err != nil {
			t.Fatal(err)
		}
		open = append(open, to)
	}
	wait(t, "all are under way", func() bool { return s.files(t) == 8 })
	if a := s.Do("POST", "/v1/attachments", "x").Want(429); a.Header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	s.AddOrganization(t).Do("POST", "/v1/attachments", "x").Want(201)
	for _, to := range open {
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, "there is room again", func() bool { return s.Do("POST", "/v1/attachments", "x").Status == 201 })
	wait(t, "all are kept", func() bool { return len(s.Get("/v1/attachments").List("data")) == 9 })
}

// What is sent before the whole file has arrived is not in memory: bytes go to the disk
// as they come.
func TestAnUploadIsStreamed(t *testing.T) {
	t.Parallel()
	s := newStorage(t, 0)
	from, to := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/attachments", from)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.Secret)
	answered := make(chan error, 1)
	go func() {
		answer, err := http.DefaultClient.Do(r)
		if err == nil {
			_, err = bufio.NewReader(answer.Body).ReadByte()
			answer.Body.Close()
		}
		answered <- err
	}()
	sent := int64(0)
	for range 16 {
		n, err := to.Write(make([]byte, 64<<10))
		sent += int64(n)
		if err != nil {
			t.Fatal(err)
		}
	}
	wait(t, "most of it is on the disk", func() bool { return s.size(t) > sent/2 })
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
}

// size is how many bytes there are on the disk.
func (s storage) size(t *testing.T) (size int64) {
	t.Helper()
	err := filepath.Walk(s.root, func(_ string, info fs.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
