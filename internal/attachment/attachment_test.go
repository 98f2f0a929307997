package attachment_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/attachment"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/files"
)

// world is attachments in a folder that a test can look into.
type world struct {
	*attachment.Attachments
	t    *testing.T
	root string
	by   parley.Caller
	said *bytes.Buffer
}

func inEach(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		body(newWorld(t, db, filepath.Join(t.TempDir(), "files")))
	})
}

func newWorld(t *testing.T, db *database.DB, root string) *world {
	t.Helper()
	folder := files.Folder(t, root)
	w := &world{t: t, root: root, said: &bytes.Buffer{}}
	logger := slog.New(slog.NewTextHandler(w.said, nil))
	log := eventlog.New(db, logger)
	accounts := account.New(db, log)
	made, err := accounts.Found(t.Context(), account.Founding{Name: "Example Bakery", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	accounts.Wait()
	w.by = parley.Caller{Organization: made.Organization.ID, Actor: parley.System}
	w.Attachments = attachment.New(attachment.Config{DB: db, Log: log, Files: folder, LinkKey: make([]byte, 32), Logger: logger})
	return w
}

func (w *world) receive() *attachment.Upload {
	w.t.Helper()
	u, err := w.Receive(w.t.Context(), w.by.Organization, strings.NewReader("hello"), attachment.Claim{FileName: "hello.txt"})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func (w *world) keep() parley.Attachment {
	w.t.Helper()
	made, err := w.Keep(w.t.Context(), w.by, w.receive())
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// path is where the bytes of an attachment are.
func (w *world) path(id parley.AttachmentID) string {
	return filepath.Join(w.root, string(w.by.Organization), string(id))
}

// age makes bytes look as if they had been put some time ago.
func (w *world) age(id parley.AttachmentID, by time.Duration) {
	w.t.Helper()
	then := time.Now().Add(-by)
	if err := os.Chtimes(w.path(id), then, then); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) there(id parley.AttachmentID) bool {
	_, err := os.Stat(w.path(id))
	return err == nil
}

const day = 24 * time.Hour

func TestTheSweepTakesWhatNoRowHas(t *testing.T) {
	inEach(t, func(w *world) {
		kept, uploading, orphan, gone := w.keep(), w.receive().Attachment, w.receive().Attachment, w.keep()
		// A crash between the row and the bytes: the row is gone, the bytes are not.
		err := w.DB.Write(w.t.Context(), w.by.Organization, func(ctx context.Context, tx *database.Tx) error {
			store.Attachments.Delete(ctx, tx, w.by.Organization, string(gone.ID))
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
		w.age(kept.ID, 365*day)
		w.age(orphan.ID, day+time.Minute)
		w.age(gone.ID, day+time.Minute)
		w.age(uploading.ID, day-time.Minute)
		w.Sweep(w.t.Context())
		for name, test := range map[string]struct {
			id    parley.AttachmentID
			there bool
		}{"kept": {kept.ID, true}, "perhaps being uploaded": {uploading.ID, true}, "an orphan": {orphan.ID, false}, "deleted": {gone.ID, false}} {
			if w.there(test.id) != test.there {
				w.t.Errorf("%s: the bytes are there is %v", name, !test.there)
			}
		}
		if !strings.Contains(w.said.String(), "files=2") {
			w.t.Errorf("the log says %s", w.said)
		}
	})
}

// A server that was led to another database must not take the files for strays.
func TestTheSweepLeavesOrganizationsThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "files")
	owner := newWorld(t, dbtest.SQLite(t), root)
	kept := owner.keep()
	owner.age(kept.ID, 365*day)
	newWorld(t, dbtest.SQLite(t), root).Sweep(t.Context())
	if !owner.there(kept.ID) {
		t.Error("the files of another database were swept")
	}
}

// While the database does not answer, nothing is known to be a stray.
func TestTheSweepTakesNothingWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	w := newWorld(t, db, filepath.Join(t.TempDir(), "files"))
	orphan := w.receive().Attachment
	w.age(orphan.ID, 2*day)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	w.Sweep(w.t.Context())
	if !w.there(orphan.ID) {
		t.Error("it was swept")
	}
	if !strings.Contains(w.said.String(), "attachment.sweep_failed") {
		t.Errorf("the log says %s", w.said)
	}
}

// Bytes whose upload was refused go; where it is open whether there is a row, they stay
// for the sweep.
func TestWhatIsDiscarded(t *testing.T) {
	inEach(t, func(w *world) {
		for name, test := range map[string]struct {
			reason error
			stays  bool
		}{
			"no error":        {nil, false},
			"refused":         {parley.InvalidField("body.conversation_id", "no"), false},
			"another's key":   {parley.Errorf(parley.Conflict, "no"), false},
			"a full disk":     {parley.Errorf(parley.InsufficientSpace, "no"), false},
			"a lost commit":   {parley.Errorf(parley.Unavailable, "no"), true},
			"a fault of ours": {errors.New("what?"), true},
		} {
			u := w.receive()
			w.Discard(w.t.Context(), u, test.reason)
			if w.there(u.Attachment.ID) != test.stays {
				w.t.Errorf("%s: the bytes stay is %v", name, !test.stays)
			}
		}
	})
}

// Bytes go also when the client has gone meanwhile.
func TestWhatIsDeletedGoesThoughTheClientHasGone(t *testing.T) {
	inEach(t, func(w *world) {
		ctx, cancel := context.WithCancel(w.t.Context())
		u := w.receive()
		cancel()
		w.Discard(ctx, u, nil)
		if w.there(u.Attachment.ID) {
			w.t.Error("the bytes are still there")
		}
		made := w.keep()
		if err := w.Delete(w.t.Context(), w.by, made.ID); err != nil || w.there(made.ID) {
			w.t.Errorf("deleted: the bytes are there is %v, %v", w.there(made.ID), err)
		}
	})
}

// A row without its bytes is a fault of ours, and not taken for an empty file; bytes
// that have just gone with their row are not.
func TestBytesThatAreNotThere(t *testing.T) {
	inEach(t, func(w *world) {
		made := w.keep()
		if err := os.Remove(w.path(made.ID)); err != nil {
			w.t.Fatal(err)
		}
		content := w.Open(w.t.Context(), w.by.Organization, made)
		if err := content.Ready(); err == nil || parley.KindOf(err) != parley.Internal {
			w.t.Errorf("lost bytes: %v", err)
		}
		if err := w.Delete(w.t.Context(), w.by, made.ID); err != nil {
			w.t.Fatal(err)
		}
		if err := content.Ready(); parley.KindOf(err) != parley.NotFound {
			w.t.Errorf("bytes of what was deleted meanwhile: %v", err)
		}
	})
}

func TestContentIsReadFromAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), filepath.Join(t.TempDir(), "files"))
	content := w.Open(t.Context(), w.by.Organization, w.keep())
	defer content.Close()
	for _, test := range []struct {
		offset int64
		whence int
		want   string
	}{{0, io.SeekStart, "hello"}, {-2, io.SeekEnd, "lo"}, {1, io.SeekStart, "ello"}, {-5, io.SeekCurrent, "hello"}, {0, io.SeekEnd, ""}, {9, io.SeekStart, ""}} {
		if _, err := content.Seek(test.offset, test.whence); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(content); err != nil || string(got) != test.want {
			t.Errorf("from %d (%d): %q, %v, want %q", test.offset, test.whence, got, err, test.want)
		}
	}
	if _, err := content.Seek(-1, io.SeekStart); err == nil {
		t.Error("there is something before the beginning")
	}
}

// Another organization neither sees nor removes an attachment, or its bytes.
func TestAnAttachmentIsItsOrganizationsOwn(t *testing.T) {
	inEach(t, func(w *world) {
		made := w.keep()
		stranger := parley.NewID[parley.OrganizationID]()
		if _, err := w.Get(w.t.Context(), stranger, made.ID); parley.KindOf(err) != parley.NotFound {
			w.t.Errorf("get: %v", err)
		}
		if err := w.Delete(w.t.Context(), parley.Caller{Organization: stranger, Actor: parley.System}, made.ID); parley.KindOf(err) != parley.NotFound || !w.there(made.ID) {
			w.t.Errorf("delete: %v", err)
		}
	})
}
