package parley

import (
	"fmt"
	"time"
)

// Time is a moment in UTC as Parley keeps and shows it: milliseconds since the
// Unix epoch in the database, RFC 3339 with three decimals in JSON.
type Time int64

const length = len("2006-01-02T15:04:05.000Z")

// Now is the current moment.
func Now() Time { return At(time.Now()) }

// At is t, cut to whole milliseconds.
func At(t time.Time) Time { return Time(t.UnixMilli()) }

// Std is the moment as the standard library knows it, in UTC.
func (t Time) Std() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add is the moment d later.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

func (t Time) String() string { return string(t.append(make([]byte, 0, length))) }

// AppendText writes the moment as JSON shows it, without quotes.
func (t Time) AppendText(b []byte) ([]byte, error) { return t.append(b), nil }

// MarshalText writes the moment as JSON shows it, without quotes.
func (t Time) MarshalText() ([]byte, error) { return t.append(make([]byte, 0, length)), nil }

// append goes by the layout that package time is quick at.
func (t Time) append(b []byte) []byte {
	b = t.Std().AppendFormat(b, time.RFC3339)
	ms := (t%1000 + 1000) % 1000
	return append(b[:len(b)-1], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z')
}

// LastTime is the last moment that RFC 3339 has a text for.
const LastTime = Time(253402300799999)

// UnmarshalText reads any RFC 3339 moment; parts of a millisecond are cut off.
func (t *Time) UnmarshalText(b []byte) error {
	at, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		return fmt.Errorf("%q is not an RFC 3339 date and time like 2026-11-20T10:30:00Z", b)
	}
	if y := at.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("%q is out of range", b)
	}
	*t = At(at)
	return nil
}
