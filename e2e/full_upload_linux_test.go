package e2e_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// The disk becomes full in the middle of an upload: it is refused with a reason and
// leaves nothing, what was there before can be downloaded, and when there is room again
// everything goes on by itself.
func TestAnUploadToAFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	onSmallDisks(t, fillAndUpload)
}

func fillAndUpload(t *testing.T, disk smallDisk) {
	t.Helper()
	const path = "/v1/attachments"
	data := filepath.Join(disk.folder, "data")
	s := newLoaded(t, data, "")
	tooMuch := strings.Repeat("0123456789abcdef", room/16+1<<16)
	before := filesIn(t, data) // the demo's
	first := s.ask(t, http.MethodPost, path, `{"a":"small file"}`)
	if first.status != http.StatusCreated {
		t.Fatalf("the first upload is answered %d: %s", first.status, first.body)
	}
	var made struct{ URL string }
	if err := json.Unmarshal(first.body, &made); err != nil {
		t.Fatal(err)
	}
	disk.fill(t, s.process)
	refused := s.ask(t, http.MethodPost, path, tooMuch)
	if refused.status != disk.status || refused.header.Get("Retry-After") == "" {
		t.Errorf("the upload is answered %d, want %d: %s", refused.status, disk.status, refused.body)
	}
	if n := filesIn(t, data) - before; n != 1 {
		t.Errorf("there are %d files, want the first one", n)
	}
	kept, err := ask("", "", http.MethodGet, made.URL, "", nil)
	if err != nil || kept.status != http.StatusOK || string(kept.body) != `{"a":"small file"}` {
		t.Errorf("the first file is answered %d %s (%v)", kept.status, kept.body, err)
	}
	disk.free(t, s.process)
	if again := s.ask(t, http.MethodPost, path, tooMuch); again.status != http.StatusCreated {
		t.Errorf("with room again the upload is answered %d: %s", again.status, again.body)
	}
	if n := filesIn(t, data) - before; n != 2 {
		t.Errorf("there are %d files, want both", n)
	}
}

// filesIn counts what there is of attachments in a data folder, finished or not.
func filesIn(t *testing.T, data string) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(data, "files"), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
