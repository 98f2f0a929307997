package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"parley"
	"parley/internal/blob"
)

const limit = 12 << 20

// inEach runs a test on each kind of store; files tells which keys a store has, and
// leftovers how much else there is.
func inEach(t *testing.T, body func(t *testing.T, s blob.Store, state func() state)) {
	t.Helper()
	t.Parallel()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		folder, root := newFolder(t)
		body(t, folder, func() state { return stateOf(t, root) })
	})
	t.Run("S3", func(t *testing.T) {
		t.Parallel()
		fake := newFakeS3(t)
		body(t, fake.open(t), fake.state)
	})
}

// state is what a store holds: files by key, and how many puts were begun and neither
// finished nor tidied up.
type state struct {
	files      map[string]string
	unfinished int
}

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	size, err := s.Put(t.Context(), key, strings.NewReader(content), limit)
	if err != nil || size != int64(len(content)) {
		t.Fatalf("put %s: %d bytes, %v", key, size, err)
	}
}

func TestAFileIsReadAsItWasPut(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		large := strings.Repeat("0123456789abcdef", 700_000) // more than two parts
		for key, content := range map[string]string{"org_a/att_1": "hello", "org_a/att_2": large, "org_b/att_1": "x", "org_b/att_2": ""} {
			put(t, s, key, content)
			for _, offset := range []int{0, 1, len(content) / 2} {
				if offset > 0 && offset >= len(content) {
					continue
				}
				file, err := s.Open(t.Context(), key, int64(offset))
				if err != nil {
					t.Fatalf("open %s at %d: %v", key, offset, err)
				}
				got, err := io.ReadAll(file)
				if err := errors.Join(err, file.Close()); err != nil || string(got) != content[offset:] {
					t.Errorf("%s from %d on has %d bytes (%v), want %d", key, offset, len(got), err, len(content)-offset)
				}
			}
		}
		if now := state(); len(now.files) != 4 || now.unfinished != 0 {
			t.Errorf("the store has %d files and %d unfinished", len(now.files), now.unfinished)
		}
	})
}

func TestWhatIsAbsent(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		if _, err := s.Open(t.Context(), "org_a/att_1", 0); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open: %v", err)
		}
		if err := s.Delete(t.Context(), "org_a/att_1"); err != nil {
			t.Errorf("delete: %v", err)
		}
		put(t, s, "org_a/att_1", "hello")
		if err := s.Delete(t.Context(), "org_a/att_1"); err != nil {
			t.Errorf("delete: %v", err)
		}
		if _, err := s.Open(t.Context(), "org_a/att_1", 0); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open what was deleted: %v", err)
		}
	})
}

// A put that fails leaves nothing, wherever it fails.
func TestAPutThatFailsLeavesNothing(t *testing.T) {
	broken := errors.New("the line broke")
	for name, test := range map[string]struct {
		from func() io.Reader
		is   func(error) bool
	}{
		"over the limit": {
			func() io.Reader { return io.LimitReader(endless{}, limit+1) }, func(err error) bool { return parley.KindOf(err) == parley.TooLarge },
		},
		"broken at once":              {broke(0, broken), func(err error) bool { return errors.Is(err, broken) }},
		"broken in the first part":    {broke(100, broken), func(err error) bool { return errors.Is(err, broken) }},
		"broken later":                {broke(11<<20, broken), func(err error) bool { return errors.Is(err, broken) }},
		"cut off":                     {broke(100, io.ErrUnexpectedEOF), func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"cut off in a later part":     {broke(6<<20, io.ErrUnexpectedEOF), func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"cut off between two parts":   {broke(5<<20, io.ErrUnexpectedEOF), func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"at the limit and broken off": {broke(limit, broken), func(err error) bool { return errors.Is(err, broken) }},
	} {
		t.Run(name, func(t *testing.T) {
			inEach(t, func(t *testing.T, s blob.Store, state func() state) {
				size, err := s.Put(t.Context(), "org_a/att_1", test.from(), limit)
				if size != 0 || !test.is(err) {
					t.Errorf("%d bytes, %v", size, err)
				}
				if now := state(); len(now.files) != 0 || now.unfinished != 0 {
					t.Errorf("left are %d files and %d unfinished", len(now.files), now.unfinished)
				}
			})
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// broke gives some bytes and then an error.
func broke(n int, err error) func() io.Reader {
	return func() io.Reader { return io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(err)) }
}

func TestAPutEndsWithItsContext(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		ctx, cancel := context.WithCancel(t.Context())
		from := io.MultiReader(bytes.NewReader(make([]byte, 6<<20)), readerFunc(func(p []byte) (int, error) {
			cancel()
			return copy(p, "more"), nil
		}))
		if _, err := s.Put(ctx, "org_a/att_1", from, limit); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v", err)
		}
		if now := state(); len(now.files) != 0 || now.unfinished != 0 {
			t.Errorf("left are %d files and %d unfinished", len(now.files), now.unfinished)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestKeysLeadNowhereElse(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		for _, key := range []string{
			"", "a", "/a/b", "a/b/c", "../a", "a/..", "a/../b", "a/.", "./a", ".unfinished/a", "a\\b/c", "a/b\x00", "A/b", "a/b?c", "a//b",
			strings.Repeat("a", 101) + "/b",
		} {
			if _, err := s.Put(t.Context(), key, strings.NewReader("x"), limit); err == nil {
				t.Errorf("%q was put", key)
			}
			if file, err := s.Open(t.Context(), key, 0); err == nil {
				file.Close()
				t.Errorf("%q was opened", key)
			}
			if err := s.Delete(t.Context(), key); err == nil {
				t.Errorf("%q was deleted", key)
			}
		}
		if now := state(); len(now.files) != 0 {
			t.Errorf("there are files: %v", now.files)
		}
	})
}

func TestASweepTakesWhatIsOldAndNobodys(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		for _, key := range []string{"org_a/att_1", "org_a/att_2", "org_b/att_3"} {
			put(t, s, key, "hello")
		}
		var asked []string
		stray := func(_ context.Context, keys []string) ([]string, error) {
			asked = append(asked, keys...)
			return slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key == "org_a/att_2" }), nil
		}
		removed, err := s.Sweep(t.Context(), time.Now().Add(-time.Hour), stray)
		if err != nil || removed != 0 || len(asked) != 0 {
			t.Errorf("of what is young: %d removed, asked about %v, %v", removed, asked, err)
		}
		removed, err = s.Sweep(t.Context(), time.Now().Add(time.Hour), stray)
		if err != nil || removed != 2 || len(asked) != 3 {
			t.Errorf("of what is old: %d removed, asked about %v, %v", removed, asked, err)
		}
		if now := state(); len(now.files) != 1 || now.files["org_a/att_2"] != "hello" {
			t.Errorf("left are %v", now.files)
		}
	})
}

// A sweep that cannot find out whose the files are takes none.
func TestASweepThatCannotKnowTakesNothing(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		put(t, s, "org_a/att_1", "hello")
		trouble := errors.New("the database is away")
		_, err := s.Sweep(t.Context(), time.Now().Add(time.Hour), func(context.Context, []string) ([]string, error) { return nil, trouble })
		if !errors.Is(err, trouble) || len(state().files) != 1 {
			t.Errorf("left are %v, %v", state().files, err)
		}
	})
}

func TestASweepAsksAboutAFewAtOnce(t *testing.T) {
	inEach(t, func(t *testing.T, s blob.Store, state func() state) {
		const files = blob.SweepBatch + 20
		for i := range files {
			put(t, s, blob.Key("org_a", "att_"+string(rune('a'+i/26))+string(rune('a'+i%26))), "x")
		}
		removed, err := s.Sweep(t.Context(), time.Now().Add(time.Hour), func(_ context.Context, keys []string) ([]string, error) {
			if len(keys) > blob.SweepBatch {
				t.Errorf("asked about %d at once", len(keys))
			}
			return keys, nil
		})
		if err != nil || removed != files || len(state().files) != 0 {
			t.Errorf("%d removed, %d left, %v", removed, len(state().files), err)
		}
	})
}
