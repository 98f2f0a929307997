package blob_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"parley"
	"parley/internal/blob"
	"parley/internal/testing/files"
)

func newFolder(t *testing.T) (*blob.Folder, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "files")
	folder := files.Folder(t, root)
	return folder, root
}

// stateOf looks at a folder by itself.
func stateOf(t *testing.T, root string) state {
	t.Helper()
	now := state{files: map[string]string{}}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		key, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		if strings.HasPrefix(key, ".unfinished") {
			now.unfinished++
			return nil
		}
		content, err := os.ReadFile(name)
		now.files[filepath.ToSlash(key)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func TestAFileIsNotThereBeforeItIsWhole(t *testing.T) {
	t.Parallel()
	folder, root := newFolder(t)
	from, to := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := folder.Put(context.Background(), "org_a/att_1", from, limit)
		done <- err
	}()
	if _, err := io.WriteString(to, "the first half"); err != nil {
		t.Fatal(err)
	}
	if now := stateOf(t, root); len(now.files) != 0 || now.unfinished != 1 {
		t.Errorf("half-way there are %v and %d unfinished", now.files, now.unfinished)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if now := stateOf(t, root); now.files["org_a/att_1"] != "the first half" || now.unfinished != 0 {
		t.Errorf("in the end there are %v and %d unfinished", now.files, now.unfinished)
	}
}

func TestNobodyElseReadsTheFiles(t *testing.T) {
	t.Parallel()
	folder, root := newFolder(t)
	put(t, folder, "org_a/att_1", "hello")
	for _, name := range []string{".", ".unfinished", "org_a", "org_a/att_1"} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has the mode %v", name, mode)
		}
	}
}

// A link that somebody has put into the folder does not lead out of it.
func TestLinksDoNotLeadOut(t *testing.T) {
	t.Parallel()
	folder, root := newFolder(t)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "att_1"), []byte("private"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(root, "org_a")); err != nil {
		t.Fatal(err)
	}
	if file, err := folder.Open(t.Context(), "org_a/att_1", 0); err == nil {
		file.Close()
		t.Error("a file outside was opened")
	}
	if _, err := folder.Put(t.Context(), "org_a/att_2", strings.NewReader("x"), limit); err == nil {
		t.Error("a file was put outside")
	}
	_, _ = folder.Sweep(t.Context(), time.Now().Add(time.Hour), func(_ context.Context, keys []string) ([]string, error) { return keys, nil })
	if _, err := os.Stat(filepath.Join(outside, "att_1")); err != nil {
		t.Errorf("a file outside was swept: %v", err)
	}
}

// What a crash leaves of a put goes when it is old, and not before.
func TestASweepTakesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	folder, root := newFolder(t)
	if err := os.WriteFile(filepath.Join(root, ".unfinished", "HALF"), []byte("half a fi"), 0o600); err != nil {
		t.Fatal(err)
	}
	nobody := func(_ context.Context, keys []string) ([]string, error) {
		t.Errorf("asked about %v", keys)
		return nil, nil
	}
	for _, test := range []struct {
		before time.Duration
		left   int
	}{{-time.Hour, 1}, {time.Hour, 0}} {
		if _, err := folder.Sweep(t.Context(), time.Now().Add(test.before), nobody); err != nil {
			t.Fatal(err)
		}
		if now := stateOf(t, root); now.unfinished != test.left {
			t.Errorf("%d are left, want %d", now.unfinished, test.left)
		}
	}
}

func TestWhyAFolderCannotBeUsed(t *testing.T) {
	t.Parallel()
	if _, err := blob.OpenFolder("/dev/null/files"); err == nil || !strings.Contains(err.Error(), "cannot be made") {
		t.Errorf("a folder that cannot be: %v", err)
	}
}

// A full disk is one kind of trouble, a quota or a limit another: see full_linux_test
// in e2e for both in truth.
func TestAnErrorOfTheSourceIsTheSourcesOwn(t *testing.T) {
	t.Parallel()
	folder, _ := newFolder(t)
	_, err := folder.Put(t.Context(), "org_a/att_1", iotest.ErrReader(syscall.ENOSPC), limit)
	if parley.KindOf(err) != parley.Internal {
		t.Errorf("the source's trouble is told as the disk's: %v", err)
	}
}
