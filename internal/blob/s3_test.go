package blob_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/blob"
)

func TestWhatS3IsAsked(t *testing.T) {
	t.Parallel()
	fake := newFakeS3(t)
	s := fake.open(t)
	put(t, s, "org_a/att_1", "hello")
	if err := s.Delete(t.Context(), "org_a/att_1"); err != nil {
		t.Fatal(err)
	}
	const path = "/" + fakeBucket + "/org_a/att_1"
	want := "PUT " + path + ", DELETE " + path
	if got := strings.Join(fake.requests, ", "); got != want {
		t.Errorf("S3 was asked for\n%s\nwant\n%s", got, want)
	}
}

// An upload in parts that a crash has left is ended when it is old, and not before.
func TestASweepEndsUploadsThatACrashLeft(t *testing.T) {
	t.Parallel()
	fake := newFakeS3(t)
	fake.uploads["left"] = &fakeUpload{"org_a/att_1", nil}
	fake.uploads["elsewhere"] = &fakeUpload{"backups/2026/monday.tar", nil}
	s := fake.open(t)
	nobody := func(context.Context, []string) ([]string, error) { return nil, nil }
	for _, test := range []struct {
		before time.Duration
		left   int
	}{{-time.Hour, 2}, {time.Hour, 1}} {
		if _, err := s.Sweep(t.Context(), time.Now().Add(test.before), nobody); err != nil {
			t.Fatal(err)
		}
		if now := fake.state(); now.unfinished != test.left {
			t.Errorf("%d are left, want %d", now.unfinished, test.left)
		}
	}
	if fake.uploads["elsewhere"] == nil {
		t.Error("somebody else's upload was ended")
	}
}

// What else is in the bucket is nobody's business.
func TestASweepLeavesOtherObjects(t *testing.T) {
	t.Parallel()
	fake := newFakeS3(t)
	fake.objects["backups/2026/monday.tar"] = []byte("x")
	_, err := fake.open(t).Sweep(t.Context(), time.Now().Add(time.Hour), func(_ context.Context, keys []string) ([]string, error) { return keys, nil })
	if err != nil || len(fake.objects) != 1 {
		t.Errorf("left are %d (%v)", len(fake.objects), err)
	}
}

func TestTroubleWithS3PassesAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	fake := newFakeS3(t)
	for _, test := range []struct {
		status int
		code   string
	}{{403, "SignatureDoesNotMatch"}, {403, "AccessDenied"}, {404, "NoSuchBucket"}, {507, "XMinioStorageFull"}, {301, "PermanentRedirect"}} {
		fake.refuse = func(*http.Request) (int, string) { return test.status, test.code }
		s := fake.open(t)
		for name, err := range failures(t, s) {
			if parley.KindOf(err) != parley.Unavailable {
				t.Errorf("%s with %s: %v", name, test.code, err)
			}
			for _, secret := range []string{fakeSecret, fakeKey} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("%s with %s tells a secret: %v", name, test.code, err)
				}
			}
		}
		if err := s.Check(t.Context()); err == nil {
			t.Errorf("the bucket can be used with %s", test.code)
		}
	}
	fake.refuse = nil
	if err := fake.open(t).Check(t.Context()); err != nil {
		t.Errorf("the bucket cannot be used: %v", err)
	}
}

func failures(t *testing.T, s *blob.S3) map[string]error {
	t.Helper()
	_, putting := s.Put(t.Context(), "org_a/att_1", strings.NewReader("x"), limit)
	_, opening := s.Open(t.Context(), "org_a/att_1", 0)
	_, sweeping := s.Sweep(t.Context(), time.Now(), func(context.Context, []string) ([]string, error) { return nil, nil })
	return map[string]error{"put": putting, "open": opening, "sweep": sweeping}
}

func TestS3ThatCannotBe(t *testing.T) {
	t.Parallel()
	good := blob.S3Config{Endpoint: "https://s3.example.com", Bucket: "files", AccessKey: "k", SecretKey: "s"}
	for name, spoil := range map[string]func(*blob.S3Config){
		"no scheme":               func(c *blob.S3Config) { c.Endpoint = "s3.example.com" },
		"another scheme":          func(c *blob.S3Config) { c.Endpoint = "ftp://s3.example.com" },
		"the bucket in the URL":   func(c *blob.S3Config) { c.Endpoint = "https://s3.example.com/files" },
		"credentials in the URL":  func(c *blob.S3Config) { c.Endpoint = "https://k:s@s3.example.com" },
		"no bucket":               func(c *blob.S3Config) { c.Bucket = "" },
		"no access key":           func(c *blob.S3Config) { c.AccessKey = "" },
		"no secret key":           func(c *blob.S3Config) { c.SecretKey = "" },
		"a host that is no host":  func(c *blob.S3Config) { c.Endpoint = "https://exa mple.com" },
		"a URL that has no host":  func(c *blob.S3Config) { c.Endpoint = "https:///" },
		"a URL that is not there": func(c *blob.S3Config) { c.Endpoint = "" },
	} {
		spoilt := good
		spoil(&spoilt)
		if _, err := blob.OpenS3(spoilt); err == nil {
			t.Errorf("%s is good enough", name)
		}
	}
	if _, err := blob.OpenS3(good); err != nil {
		t.Error(err)
	}
}
