package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"parley"
)

// uploadPause is how long an upload may stand still.
const uploadPause = 30 * time.Second

// Arriving is the body of an upload of at most limit bytes. It may take its time, but
// must not stand still: every second of reading moves the deadline of the connection.
// Errors are those of [Unread].
func Arriving(w http.ResponseWriter, r *http.Request, limit int64) io.Reader {
	return &arriving{from: http.MaxBytesReader(w, r.Body, limit), control: http.NewResponseController(w)}
}

type arriving struct {
	from    io.Reader
	control *http.ResponseController
	pushed  time.Time // when the deadline was last moved
}

func (b *arriving) Read(p []byte) (int, error) {
	if now := time.Now(); now.Sub(b.pushed) > time.Second {
		b.pushed = now
		_ = b.control.SetReadDeadline(now.Add(uploadPause)) // a connection that cannot is read all the same
	}
	n, err := b.from.Read(p)
	return n, Unread(err)
}

// Unread says that a body could not be read to its end, unless that is where it is.
func Unread(err error) error {
	var known *parley.Error
	var large *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.As(err, &known):
		return err
	case errors.As(err, &large):
		return parley.Errorf(parley.TooLarge, "The body has over %d bytes, which is the limit of this server.", large.Limit)
	}
	return parley.Errorf(parley.Malformed, "The body could not be read to its end.").Because(err)
}
