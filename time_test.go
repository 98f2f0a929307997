package parley_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
)

func TestATimeIsShownInMillisecondsUTC(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 11, 30, 0, 123_999_999, time.FixedZone("", 3600))
	b, err := json.Marshal(map[string]parley.Time{"at": parley.At(at)})
	if err != nil || string(b) != `{"at":"2026-11-20T10:30:00.123Z"}` {
		t.Errorf("%v is shown as %s (%v)", at, b, err)
	}
}

func TestATimeIsReadAsItWasShown(t *testing.T) {
	t.Parallel()
	first, last := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC).UnixMilli()
	rapid.Check(t, func(t *rapid.T) {
		at := parley.Time(rapid.Int64Range(first, last).Draw(t, "at"))
		var again parley.Time
		if err := again.UnmarshalText([]byte(at.String())); err != nil || again != at {
			t.Fatalf("%s is read as %s (%v)", at, again, err)
		}
	})
}

func TestTimesThatAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-20T10:30:00Z":                "2026-11-20T10:30:00.000Z",
		"2026-11-20T10:30:00.1239Z":           "2026-11-20T10:30:00.123Z",
		"2026-11-20T10:30:00+05:30":           "2026-11-20T05:00:00.000Z",
		"2026-11-20T10:30:00.123456789-01:00": "2026-11-20T11:30:00.123Z",
	} {
		var at parley.Time
		if err := at.UnmarshalText([]byte(text)); err != nil || at.String() != want {
			t.Errorf("%s is read as %s (%v), want %s", text, at, err, want)
		}
	}
	for _, text := range []string{
		"", "now", "2026-11-20", "2026-11-20 10:30:00Z", "2026-11-20T10:30:00", "2026-02-30T10:30:00Z", "1763634600",
		"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "10000-01-01T00:00:00Z",
	} {
		var at parley.Time
		if err := at.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as %s", text, at)
		} else if !strings.Contains(err.Error(), text) {
			t.Errorf("%q: the error does not name it: %v", text, err)
		}
	}
}
